"""What chance does, on arrays: placebos, randomisation, trends before, honest bounds, power, synthesis."""
