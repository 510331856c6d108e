"""The duty roster 值班表: who is called at which moment, with swaps, absences and deputies (C4)."""
