"""From a document to files: languages, formats, flavours, writing."""
