"""The commands of the command line, one module each: ``configure`` its options, ``run`` it.

Modules import what is heavy inside ``run``, so that help answers at once.
"""
