//! Control chart.
