"""The local labour market and living conditions: series of the zones around a territory.

Every block names the zone that it shows and the experiment's area beside it: they are not the same.
"""
