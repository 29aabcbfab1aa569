#pragma once

#include <QLineEdit>

namespace tierline::ui {

/// A field of words in a narrow column. It asks for the width of what stands in it, up to a bound; where even
/// that is too little it says so while nobody types in it, with an ellipsis at the end and the whole of it on
/// hover, instead of looking as if it were all. Thread: ui.
class WholeField : public QLineEdit
{
    Q_OBJECT
public:
    explicit WholeField(int most, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    /// All of its words are seen at rest.
    bool isWhole() const;
    /// They are more than it ever shows at once.
    bool isOverlong() const { return wanted() > m_most; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int wanted() const;
    int m_most;
};

} // namespace tierline::ui
