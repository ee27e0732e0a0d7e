//! QR codes, drawn here and never by a remote service, since the URI holds the secret.
//!
//! Every form has the quiet zone of four modules that ISO/IEC 18004 demands and dark modules on a
//! light ground, whatever surrounds it. Error correction is level M (15 %); text too long for that
//! gets level L (7 %), and past 2953 bytes there is no code. Treat the picture like the secret: send
//! it once, over TLS, with `Cache-Control: no-store`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::bits::Bits;
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode, Version};

use crate::error::{ErrorCode, Fault};

/// Light modules around the code (ISO/IEC 18004 §6.3.8).
const QUIET_ZONE: usize = 4;

/// Pixels for a module in an SVG that nothing else gives a size: a code of 53 modules is 212 wide.
const SVG_SCALE: usize = 4;

/// The largest picture element for one module in [`png()`], in pixels.
pub const MAX_SCALE: u32 = 32;

/// The number by which a reader knows that bytes are UTF-8 (AIM ECI 000026).
const ECI_UTF_8: u32 = 26;

/// A self-contained SVG of one run-length path on white.
///
/// It holds only shapes: no text, script, style, reference or XML prologue. It can stand inline in
/// HTML, be a file, or go into a data URI. CSS may give it another size.
///
/// # Errors
/// `qr_too_long`.
pub fn svg(text: &str) -> Result<String, Fault> {
    let rows = modules(text)?;
    let side = rows.len();
    let shown = side.saturating_mul(SVG_SCALE);
    let path = path(&rows);
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{shown}" height="{shown}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path stroke="#000" d="{path}"/></svg>"##
    ))
}

/// The SVG as a `data:` URI for `src` attributes. Base64, because that needs no further escaping in
/// HTML, CSS or JSON.
///
/// # Errors
/// `qr_too_long`.
pub fn svg_data_uri(text: &str) -> Result<String, Fault> {
    Ok(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg(text)?)))
}

/// A PNG with one bit per pixel and `scale` × `scale` pixels per module.
///
/// # Errors
/// `option_out_of_range` for a scale outside 1 to 32; `qr_too_long`.
pub fn png(text: &str, scale: u32) -> Result<Vec<u8>, Fault> {
    let out_of_range = Fault::about(ErrorCode::OptionOutOfRange, "scale");
    if !(1..=MAX_SCALE).contains(&scale) {
        return Err(out_of_range);
    }
    let times = usize::try_from(scale).map_err(|_| out_of_range)?;
    let rows = modules(text)?;
    let side = u32::try_from(rows.len().saturating_mul(times)).map_err(|_| out_of_range)?;
    let pixels: Vec<u8> =
        rows.iter().flat_map(|row| std::iter::repeat_n(pixel_row(row, times), times)).flatten().collect();
    // Writing to memory can fail only by a mistake in this function.
    encode_png(side, &pixels).map_err(|_| Fault::new(ErrorCode::Panic))
}

/// Lines of half blocks for a terminal with light text on a dark ground: the blocks are the *light*
/// modules, and the ground shows through as the dark ones.
///
/// No control sequences, so it can go into a log or a pipe. On a light ground the colors are
/// inverted and many scanners fail: use [`terminal_colored`] there, or where the ground is unknown.
///
/// # Errors
/// `qr_too_long`.
pub fn terminal(text: &str) -> Result<String, Fault> {
    Ok(half_blocks(&modules(text)?).map(|line| line + "\n").collect())
}

/// The same half blocks in bright white on black, set by ANSI control sequences, so that the code is
/// right on any terminal whatever its colors are.
///
/// # Errors
/// `qr_too_long`.
pub fn terminal_colored(text: &str) -> Result<String, Fault> {
    Ok(half_blocks(&modules(text)?).map(|line| format!("\x1b[97;40m{line}\x1b[0m\n")).collect())
}

type Row = Vec<Color>;

/// The square of modules, quiet zone included.
fn modules(text: &str) -> Result<Vec<Row>, Fault> {
    let code = encode(text, EcLevel::M)
        .or_else(|_| encode(text, EcLevel::L))
        .map_err(|_| Fault::new(ErrorCode::QrTooLong))?;
    let width = code.width();
    let side = width.saturating_add(QUIET_ZONE).saturating_add(QUIET_ZONE);
    let light_rows = || std::iter::repeat_n(vec![Color::Light; side], QUIET_ZONE);
    let margin = [Color::Light; QUIET_ZONE];
    let colors = code.into_colors();
    let rows = colors.chunks(width).map(|row| [&margin, row, &margin].concat());
    Ok(light_rows().chain(rows).chain(light_rows()).collect())
}

/// The smallest code that holds the text. Left to itself the encoder takes some UTF-8 for Shift JIS
/// and writes it as Kanji, so anything but ASCII goes in as bytes that are declared UTF-8.
fn encode(text: &str, level: EcLevel) -> Result<QrCode, QrError> {
    if text.is_ascii() {
        return QrCode::with_error_correction_level(text, level);
    }
    let bits = (1..=40).find_map(|version| utf_8_bits(text, Version::Normal(version), level).ok());
    QrCode::with_bits(bits.ok_or(QrError::DataTooLong)?, level)
}

fn utf_8_bits(text: &str, version: Version, level: EcLevel) -> Result<Bits, QrError> {
    let mut bits = Bits::new(version);
    bits.push_eci_designator(ECI_UTF_8)?;
    bits.push_byte_data(text.as_bytes())?;
    bits.push_terminator(level)?;
    Ok(bits)
}

/// Each row as horizontal strokes through the middle of its modules: `M` to the first, then `h` for
/// a run of dark and `m` over a gap.
fn path(rows: &[Row]) -> String {
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let runs: Vec<usize> = row.chunk_by(PartialEq::eq).map(<[Color]>::len).collect();
        // Light and dark take turns and the quiet zone is first and last, so the runs are pairs of a
        // gap and a stroke, and a last gap that needs no drawing.
        let (pairs, _) = runs.as_chunks();
        for (n, [gap, stroke]) in pairs.iter().enumerate() {
            path.push_str(&match n {
                0 => format!("M{gap} {y}.5h{stroke}"),
                _ => format!("m{gap} 0h{stroke}"),
            });
        }
    }
    path
}

/// One row of pixels: eight to a byte from the high bit down, 1 is white.
fn pixel_row(row: &Row, times: usize) -> Vec<u8> {
    const BITS: [u8; 8] = [0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01];
    let pixels: Row = row.iter().flat_map(|module| std::iter::repeat_n(*module, times)).collect();
    pixels
        .chunks(BITS.len())
        .map(|eight| BITS.iter().zip(eight).fold(0, |byte, (bit, pixel)| byte | pixel.select(0, *bit)))
        .collect()
}

fn encode_png(side: u32, pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}

/// Two rows of modules to a line of text; below an odd last row the ground is light.
fn half_blocks(rows: &[Row]) -> impl Iterator<Item = String> {
    rows.chunks(2).map(|two| match two {
        [upper, lower] => upper.iter().zip(lower).map(|(upper, lower)| half_block(*upper, *lower)).collect(),
        _ => two.iter().flatten().map(|upper| half_block(*upper, Color::Light)).collect(),
    })
}

fn half_block(upper: Color, lower: Color) -> char {
    match (upper, lower) {
        (Color::Light, Color::Light) => '█',
        (Color::Light, Color::Dark) => '▀',
        (Color::Dark, Color::Light) => '▄',
        (Color::Dark, Color::Dark) => ' ',
    }
}
