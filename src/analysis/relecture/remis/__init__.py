"""What reviewers get: the chapter in Word, the sheet, the online form, the pack of them all."""
