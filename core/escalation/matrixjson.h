#pragma once

#include "core/escalation/matrix.h"

#include <QJsonObject>

namespace tierline::escalation {

// The matrix as text, for the settings folder and for what is kept of each edition:
// `{"form":1,"cells":[{"category","type","plan","severity","path":[{"to":"team","name":"Billing","wait":"30m"},
// {"to":"manager"}],"kind":"functional","priority_step":1,"procedure"}]}`. What is absent fits everything, or is as it
// stands in MatrixCell. Canonical: what is written, read and written again is the same to the byte.

QJsonObject toJson(const Matrix &matrix);
/// BadInput naming the line where it cannot be taken. Whether who is named is there, check() says.
Result<Matrix> matrixFromJson(const QJsonObject &json);

/// What a workspace may begin with: the shipped lines, and the departments that they lead to and that a new workspace
/// does not have (product, customer success, finance, fraud, shipping).
struct ShippedMatrix {
    Matrix matrix;
    QList<Team> teams;
};
const ShippedMatrix &shippedMatrix();

} // namespace tierline::escalation
