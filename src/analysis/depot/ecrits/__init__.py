"""What is written for those who deposit: the workbook, the questionnaires, the report, the coding."""
