"""The formats of a part's files, known without the CAD kernel."""

FORMATS = ("step", "stl", "glb", "dxf")
