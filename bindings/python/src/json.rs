//! Claims: Python values as JSON and back.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde_json::{Map, Number, Value};
use twinlock_core::{Claims, ErrorCode, Fault};

use crate::errors::Problem;

/// Deeper claims are refused; it also ends a `dict` that holds itself.
const MAX_DEPTH: u8 = 16;

/// A mapping of claims as a JSON object.
///
/// Raises `claim_invalid` for what JSON or 64 bits cannot hold: other types, names that are no text,
/// infinities, integers past 64 bits, lone surrogates.
pub fn object_from_python(claims: &Bound<'_, PyAny>) -> Result<Map<String, Value>, Problem> {
    if claims.cast::<PyMapping>().is_err() {
        return Err(Problem::wrong_type("claims", "a mapping", claims));
    }
    object(claims, MAX_DEPTH)
}

fn object(claims: &Bound<'_, PyAny>, depth: u8) -> Result<Map<String, Value>, Problem> {
    let mut members = Map::new();
    for pair in claims.call_method0("items")?.try_iter()? {
        let (name, value) = pair?.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        members.insert(string(&name)?, value_from_python(&value, depth)?);
    }
    Ok(members)
}

fn value_from_python(value: &Bound<'_, PyAny>, depth: u8) -> Result<Value, Problem> {
    let depth = depth.checked_sub(1).ok_or_else(invalid)?;
    if value.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Value::Bool(flag.is_true()));
    }
    if value.is_instance_of::<PyString>() {
        return string(value).map(Value::String);
    }
    if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
        return number(value).map(Value::Number);
    }
    if value.is_instance_of::<PyDict>() {
        return object(value, depth).map(Value::Object);
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let items = value.try_iter()?.map(|item| value_from_python(&item?, depth));
        return items.collect::<Result<_, _>>().map(Value::Array);
    }
    Err(invalid())
}

fn string(value: &Bound<'_, PyAny>) -> Result<String, Problem> {
    let text = value.cast::<PyString>().map_err(|_| invalid())?;
    Ok(text.to_str().map_err(|_| invalid())?.to_owned())
}

fn number(value: &Bound<'_, PyAny>) -> Result<Number, Problem> {
    if value.is_instance_of::<PyFloat>() {
        return Number::from_f64(value.extract()?).ok_or_else(invalid);
    }
    match (value.extract::<i64>(), value.extract::<u64>()) {
        (Ok(number), _) => Ok(number.into()),
        (_, Ok(number)) => Ok(number.into()),
        _ => Err(invalid()),
    }
}

const fn invalid() -> Problem {
    Problem::Fault(Fault::about(ErrorCode::ClaimInvalid, "claims"))
}

/// The claims of a verified token as a `dict`.
pub fn claims_to_python<'py>(py: Python<'py>, claims: &Claims) -> Result<Bound<'py, PyDict>, Problem> {
    Ok(object_to_python(py, claims.members())?)
}

/// What a JSON text of the core's own says.
pub fn text_to_python<'py>(py: Python<'py>, text: &str) -> Result<Bound<'py, PyAny>, Problem> {
    let value = serde_json::from_str(text).map_err(|_| invalid())?;
    Ok(value_to_python(py, &value)?)
}

/// A JSON object as a `dict`.
pub fn object_to_python<'py>(py: Python<'py>, members: &Map<String, Value>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in members {
        dict.set_item(name, value_to_python(py, value)?)?;
    }
    Ok(dict)
}

fn value_to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Number(number) => number_to_python(py, number)?,
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(value_to_python(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(members) => object_to_python(py, members)?.into_any(),
    })
}

fn number_to_python<'py>(py: Python<'py>, number: &Number) -> PyResult<Bound<'py, PyAny>> {
    if let Some(number) = number.as_i64() {
        return Ok(number.into_pyobject(py)?.into_any());
    }
    if let Some(number) = number.as_u64() {
        return Ok(number.into_pyobject(py)?.into_any());
    }
    Ok(number.as_f64().into_pyobject(py)?.into_any())
}
