#pragma once

#include <QString>
#include <QStringView>

namespace tierline::text {

/// What is looked for. All on by default: nothing of it belongs in another system.
struct MaskOptions {
    bool cards = true; ///< payment card numbers: a known issuer's shape and the right check digit
    bool keys = true; ///< access keys, tokens, private keys
    bool passwords
        = true; ///< after "password:" and its like in English, German, French, Spanish, Portuguese
    bool ibans = true; ///< with the right check digits
};

struct Masked {
    QString
        text; ///< each find replaced by `[masked card]`, `[masked key]`, `[masked password]` or `[masked iban]`
    int cards = 0;
    int keys = 0;
    int passwords = 0;
    int ibans = 0;

    int total() const { return cards + keys + passwords + ibans; }
};

/// Text made fit to leave for another system (handoff notes, chat, mail, exports). Order numbers,
/// phone numbers and ticket ids stay. Masking the result again finds nothing. Thread: any. O(n): the
/// patterns run on an engine without backtracking.
Masked maskSecrets(QStringView text, const MaskOptions &options = {});

/// True where the digits of a number (separators aside) form a payment card number.
bool isCardNumber(QStringView number);

} // namespace tierline::text
