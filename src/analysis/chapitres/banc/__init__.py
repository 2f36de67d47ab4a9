"""What a notebook does in JupyterLab alone: a batch never imports it."""
