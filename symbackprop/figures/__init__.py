"""Pictures of networks, computation graphs and curves: described, laid out once, drawn as SVG and TikZ."""
