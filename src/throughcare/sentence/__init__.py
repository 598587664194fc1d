"""A sentence: what was imposed, adjustments, release dates, risk and the victim."""
