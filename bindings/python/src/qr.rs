//! QR codes as functions: pictures of any text, drawn without a remote service.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use twinlock_core as core;
use twinlock_core::ErrorCode;
use twinlock_core::otp::qr;

use crate::convert::{Arg, Opt, fitting};
use crate::errors::guard;

/// A self-contained SVG.
#[pyfunction]
pub fn qr_svg(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::svg)
}

/// The SVG as a ``data:`` URI for an ``<img>``.
#[pyfunction]
pub fn qr_svg_data_uri(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::svg_data_uri)
}

/// Lines of block characters for a terminal with light text on a dark ground.
#[pyfunction]
pub fn qr_terminal(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::terminal)
}

/// The same with control sequences that set the colors, right on light terminals, too.
#[pyfunction]
pub fn qr_terminal_colored(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::terminal_colored)
}

/// A PNG with so many pixels per module.
#[pyfunction]
#[pyo3(signature = (text, scale=None), text_signature = "(text, scale=8)")]
pub fn qr_png<'py>(py: Python<'py>, text: Arg<'_, 'py>, scale: Opt<'_, '_>) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let scale = scale.map_or(Ok(8), |value| fitting(value, "scale", ErrorCode::OptionOutOfRange))?;
        let text = crate::convert::text(text, "text")?;
        let text: &str = &text;
        Ok(PyBytes::new(py, &py.detach(|| qr::png(text, scale))?))
    })
}

fn draw(
    py: Python<'_>,
    text: Arg<'_, '_>,
    drawing: fn(&str) -> Result<String, core::Fault>,
) -> PyResult<String> {
    guard(|| {
        let text = crate::convert::text(text, "text")?;
        let text: &str = &text;
        Ok(py.detach(|| drawing(text))?)
    })
}
