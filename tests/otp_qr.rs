//! QR codes: the three drawings show the same modules, and the SVG holds nothing but shapes.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use twinlock::ErrorCode;
use twinlock::otp::qr;

const URI: &str =
    "otpauth://totp/Acme:alice%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme";

/// Rows of modules, true for dark, quiet zone included.
type Modules = Vec<Vec<bool>>;

#[test]
fn otp_12_svg_png_and_terminal_show_the_same_modules() {
    for text in [URI, "A", "日本語 é", &"x".repeat(500)] {
        let modules = from_svg(&qr::svg(text).unwrap());
        assert_eq!(modules, from_terminal(&qr::terminal(text).unwrap()), "{} bytes", text.len());
        for scale in [1, 3] {
            assert_eq!(modules, from_png(&qr::png(text, scale).unwrap(), scale), "{} bytes", text.len());
        }
    }
}

#[test]
fn otp_12_the_code_has_finder_patterns_and_a_quiet_zone_of_four_modules() {
    let modules = from_svg(&qr::svg(URI).unwrap());
    let side = modules.len();
    let quiet = |at: usize| at < 4 || at >= side - 4;
    for (y, row) in modules.iter().enumerate() {
        assert_eq!(row.len(), side);
        assert!(row.iter().enumerate().all(|(x, dark)| !(*dark && (quiet(x) || quiet(y)))));
    }
    for (x, y) in [(4, 4), (side - 11, 4), (4, side - 11)] {
        for ring in 0..4 {
            let dark = modules[y + ring][x + ring];
            assert_eq!(dark, ring != 1, "ring {ring} of the finder pattern at {x},{y}");
        }
    }
}

#[test]
fn otp_12_the_svg_is_two_shapes_and_small() {
    let svg = qr::svg(URI).unwrap();
    assert!(svg.len() <= 4096, "{} bytes", svg.len());
    let (side, shown) = (45, 180);
    let before = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{shown}\" height=\"{shown}\" \
         viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path stroke=\"#000\" d=\""
    );
    let path = svg.strip_prefix(&before).and_then(|rest| rest.strip_suffix("\"/></svg>")).unwrap();
    assert!(path.bytes().all(|byte| b"Mmh0123456789 .".contains(&byte)), "{path}");
}

#[test]
fn otp_12_text_never_gets_into_the_markup() {
    let hostile = "\"><script>alert(1)</script><text>&amp;";
    for drawn in [qr::svg(hostile).unwrap(), qr::svg_data_uri(hostile).unwrap()] {
        assert!(!drawn.contains("script") && !drawn.contains("text") && !drawn.contains('&'));
    }
}

#[test]
fn the_data_uri_is_the_svg() {
    use base64::Engine as _;
    let uri = qr::svg_data_uri(URI).unwrap();
    let data = uri.strip_prefix("data:image/svg+xml;base64,").unwrap();
    let svg = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
    assert_eq!(String::from_utf8(svg).unwrap(), qr::svg(URI).unwrap());
}

#[test]
fn colored_lines_are_the_plain_ones_in_white_on_black() {
    let plain = qr::terminal(URI).unwrap();
    let colored = qr::terminal_colored(URI).unwrap();
    assert_eq!(colored.lines().count(), plain.lines().count());
    for (colored, plain) in colored.lines().zip(plain.lines()) {
        assert_eq!(colored, format!("\x1b[97;40m{plain}\x1b[0m"));
    }
    assert!(plain.ends_with('\n') && colored.ends_with('\n'));
}

#[test]
fn otp_12_text_too_long_for_a_code_is_an_error() {
    let longest = "x".repeat(2953);
    assert!(qr::svg(&longest).is_ok());
    for text in ["x".repeat(2954), "é".repeat(1500), "x".repeat(1_000_000)] {
        let drawn = [
            qr::svg(&text).err(),
            qr::svg_data_uri(&text).err(),
            qr::png(&text, 1).err(),
            qr::terminal(&text).err(),
            qr::terminal_colored(&text).err(),
        ];
        for fault in drawn {
            assert_eq!(fault.unwrap().code, ErrorCode::QrTooLong);
        }
    }
}

#[test]
fn a_png_scale_has_bounds() {
    for scale in [0, 33, u32::MAX] {
        let fault = qr::png(URI, scale).unwrap_err();
        assert_eq!((fault.code, fault.about), (ErrorCode::OptionOutOfRange, Some("scale")));
    }
    assert!(qr::png(URI, 32).is_ok());
}

#[test]
fn usual_text_gets_error_correction_level_m() {
    // The format information begins in the second row below the upper left finder pattern, with 00
    // for M and 01 for L, masked with 10 (ISO/IEC 18004 §7.9).
    let level = |text: &str| {
        let modules = from_svg(&qr::svg(text).unwrap());
        (modules[12][4], modules[12][5])
    };
    assert_eq!(level(URI), (true, false));
    assert_eq!(level(&"x".repeat(2331)), (true, false));
    assert_eq!(level(&"x".repeat(2332)), (true, true));
}

/// Follows the path's strokes.
fn from_svg(svg: &str) -> Modules {
    let side: usize = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
    let mut modules = vec![vec![false; side]; side];
    let (mut x, mut y) = (0, 0);
    let path = between(svg, " d=\"", "\"");
    let starts: Vec<usize> = path.match_indices(['M', 'm', 'h']).map(|(at, _)| at).collect();
    for (n, at) in starts.iter().enumerate() {
        let step = &path[*at..starts.get(n + 1).copied().unwrap_or(path.len())];
        let mut numbers = step[1..].split(' ');
        let first: usize = numbers.next().unwrap().parse().unwrap();
        match &step[..1] {
            "M" => (x, y) = (first, numbers.next().unwrap().strip_suffix(".5").unwrap().parse().unwrap()),
            "m" => x += first,
            _ => (0..first).for_each(|_| {
                modules[y][x] = true;
                x += 1;
            }),
        }
    }
    modules
}

fn from_terminal(text: &str) -> Modules {
    let mut modules = Modules::new();
    for line in text.lines() {
        modules.push(line.chars().map(|c| !"█▀".contains(c)).collect());
        modules.push(line.chars().map(|c| !"█▄".contains(c)).collect());
    }
    // The side is odd; the half line below it is ground.
    assert!(modules.pop().unwrap().iter().all(|dark| !dark));
    modules
}

fn from_png(file: &[u8], scale: u32) -> Modules {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    assert_eq!(reader.output_color_type(), (png::ColorType::Grayscale, png::BitDepth::One));
    let (width, height) = reader.info().size();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let row_bytes = reader.next_frame(&mut data).unwrap().line_size;
    let pixel = |x: u32, y: u32| {
        let byte = data[usize::try_from(y).unwrap() * row_bytes + usize::try_from(x / 8).unwrap()];
        byte & (0x80 >> (x % 8)) == 0
    };
    let uniform = |x: u32, y: u32| {
        let (x, y) = (x * scale, y * scale);
        assert!((0..scale).all(|dx| (0..scale).all(|dy| pixel(x + dx, y + dy) == pixel(x, y))));
        pixel(x, y)
    };
    (0..height / scale).map(|y| (0..width / scale).map(|x| uniform(x, y)).collect()).collect()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}
