"""How well the pipeline does, measured against what people marked: an evaluation anybody can run on data they own."""
