"""Load curves: from meter exports, from bills and day shapes, grown and added up."""
