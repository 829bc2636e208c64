"""How well and how fast the pipeline codes: the evaluation gate and the speed table."""
