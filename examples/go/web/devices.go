package web

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"twinlock"
)

var (
	nameField    = field{name: "name", longest: deviceNameMax, verbatim: true}
	newNameField = field{name: nameField.name, longest: deviceNameMax, verbatim: true, optional: true}
	// What is left out is the policy's to say.
	kindField      = field{name: "kind", kind: word, words: []string{"totp", "hotp", "steam"}, optional: true}
	algorithmField = field{name: "algorithm", kind: word, words: []string{"SHA1", "SHA256", "SHA512"}, optional: true}
	digitsField    = field{name: "digits", kind: whole, optional: true}
	periodField    = field{name: "period", kind: whole, optional: true}

	kinds = map[string]twinlock.DeviceKind{
		"totp": twinlock.DeviceTOTP, "hotp": twinlock.DeviceHOTP, "steam": twinlock.DeviceSteam,
	}
	algorithms = map[string]twinlock.Algorithm{
		"SHA1": twinlock.SHA1, "SHA256": twinlock.SHA256, "SHA512": twinlock.SHA512,
	}
	// Which field a value came in that only the engine can judge.
	fieldOfFault = map[twinlock.Code]string{
		twinlock.ErrNameInvalid: nameField.name, twinlock.ErrDigitsInvalid: digitsField.name,
		twinlock.ErrPeriodInvalid: periodField.name,
	}
)

// listDevices tells the caller's devices.
func listDevices(c *call) (answer, error) {
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	return ok(members{"devices": devicesOf(found)}), nil
}

// addDevice begins to add a device: QR code, secret and URI, shown this once. totp/confirm/ ends it.
func addDevice(c *call) (answer, error) {
	fields, err := parsed(c.Request, newNameField, kindField, algorithmField, digitsField, periodField, otpField,
		backupField)
	if err != nil {
		return answer{}, err
	}
	code, err := c.answerFor(fields, "add_device", otpAndBackup...)
	if err != nil {
		return answer{}, err
	}
	device := twinlock.NewDevice{
		Account: accountName(c.account.Name), Name: fields[newNameField.name].value,
		Kind: kinds[fields[kindField.name].value], Algorithm: algorithms[fields[algorithmField.name].value],
		Digits: numberIn(fields[digitsField.name]), Period: numberIn(fields[periodField.name]),
	}
	setup, err := c.factor(c.account).AddDevice(c.ctx, c.account.ID, device, *code)
	if err != nil {
		return answer{}, inField(err, fields)
	}
	body, err := shown(setup)
	if err != nil {
		return answer{}, err
	}
	c.event("device_started", "")
	body["device_id"] = setup.DeviceID
	return answer{status: http.StatusCreated, body: body}, nil
}

// getDevice tells one device. Another person's is unknown here.
func getDevice(c *call) (answer, error) {
	device, err := c.device()
	if err != nil {
		return answer{}, err
	}
	return ok(deviceOf(*device)), nil
}

// renameDevice gives the device another name.
func renameDevice(c *call) (answer, error) {
	fields, err := parsed(c.Request, nameField)
	if err != nil {
		return answer{}, err
	}
	id, name := c.PathValue("device"), fields[nameField.name].value
	if err := c.factor(c.account).RenameDevice(c.ctx, c.account.ID, id, name); err != nil {
		return answer{}, inField(err, fields)
	}
	c.event("device_renamed", "")
	found, err := c.fresh().Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	device, err := deviceIn(found, id)
	if err != nil {
		return answer{}, err
	}
	return ok(deviceOf(*device)), nil
}

// removeDevice removes it. All tokens of the person die; the caller goes on with a code for the challenge in the answer.
// Without a device the second factor is off.
func removeDevice(c *call) (answer, error) {
	fields, err := parsedWithCode(c.Request, otpField, backupField)
	if err != nil {
		return answer{}, err
	}
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	device, err := deviceIn(found, c.PathValue("device"))
	if err != nil {
		return answer{}, err
	}
	code, err := c.answerFor(fields, "remove_device", otpAndBackup...)
	if err == nil && len(found.Devices) == 1 {
		err = c.keepFactor()
	}
	if err != nil {
		return answer{}, err
	}
	last, err := c.factor(c.account).RemoveDevice(c.ctx, c.account.ID, device.ID, *code)
	if err != nil {
		return answer{}, err
	}
	c.event("device_removed", "")
	body := members{}
	if !last {
		if body, err = c.askedAgain(); err != nil {
			return answer{}, err
		}
	}
	body["enabled"] = !last
	return ok(body), nil
}

// askedAgain is what an answer says to a caller whose tokens died with a change. The change is made, so a refusal only
// leaves the challenge out.
func (c *call) askedAgain() (members, error) {
	first := twinlock.FirstFactor{Methods: c.firstFactor(), Binding: c.account.Binding()}
	login, err := c.fresh().BeginSignIn(c.ctx, c.account.ID, first)
	var refusal *twinlock.Refusal
	if errors.As(err, &refusal) {
		return members{}, nil
	}
	if err != nil {
		return nil, err
	}
	if login.SentCode != "" {
		c.mailCode(c.account, login.SentCode, login.ExpiresAt, signInMail)
	}
	return c.challengeOf(login), nil
}

// resyncDevice finds the counter of a counter device again by two codes in a row.
func resyncDevice(c *call) (answer, error) {
	first, second := field{name: "first_code", longest: codeMax}, field{name: "second_code", longest: codeMax}
	fields, err := parsed(c.Request, first, second)
	if err != nil {
		return answer{}, err
	}
	err = c.factor(c.account).ResyncDevice(c.ctx, c.account.ID, c.PathValue("device"), fields[first.name].value,
		fields[second.name].value)
	if errors.Is(err, twinlock.ErrNotEnrolled) { // whoever has no device knows none of that id
		err = &twinlock.Refusal{Code: twinlock.ErrDeviceUnknown}
	}
	if err != nil {
		return answer{}, err
	}
	c.event("device_resynchronized", "")
	return nothing, nil
}

// setMethod stores how the person wants to be asked; with a device that takes a fresh second factor.
func setMethod(c *call) (answer, error) {
	method := field{name: "method", kind: word, words: []string{"otp", "sent", "off"}}
	fields, err := parsedWithCode(c.Request, method, otpField, backupField)
	if err != nil {
		return answer{}, err
	}
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	code := new(twinlock.Answer)
	if found.Enabled {
		code, err = c.answerFor(fields, "set_method", otpAndBackup...)
	}
	if err == nil {
		err = c.factor(c.account).SetMethod(c.ctx, c.account.ID, fields[method.name].value, *code)
	}
	if err == nil {
		found, err = c.fresh().Status(c.ctx, c.account.ID)
	}
	if err != nil {
		return answer{}, err
	}
	c.event("method_changed", "")
	return ok(c.statusOf(found)), nil
}

// device is the one that the path names.
func (c *call) device() (*twinlock.Device, error) {
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return nil, err
	}
	return deviceIn(found, c.PathValue("device"))
}

func deviceIn(found *twinlock.Status, id string) (*twinlock.Device, error) {
	for i := range found.Devices {
		if found.Devices[i].ID == id {
			return &found.Devices[i], nil
		}
	}
	return nil, &twinlock.Refusal{Code: twinlock.ErrDeviceUnknown}
}

// numberIn is a number of a field; one that no device can have where the text is none of them, also for 0, which would be
// the policy's.
func numberIn(found text) uint32 {
	if !found.given {
		return 0
	}
	number, err := strconv.ParseUint(found.value, 10, 32)
	if err != nil || number == 0 {
		return math.MaxUint32
	}
	return uint32(number)
}

// inField makes a value that the engine cannot take an error of the field that it came in.
func inField(err error, fields texted) error {
	var fault *twinlock.Fault
	if !errors.As(err, &fault) {
		return err
	}
	if name, known := fieldOfFault[fault.Code]; known && fields[name].given {
		return fieldErrors{name: {fault.Code.Message()}}
	}
	return err
}
