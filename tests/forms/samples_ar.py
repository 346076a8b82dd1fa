"""A made-up survey in English and Arabic, a language in which the house has no words of its own."""

ENGLISH = """---
title: How was the repair of your lift?
language: en
privacy: {who: Example Lifts, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---
Four short questions.

## The work

### Which lift was it? {: #lift .text short }

### How satisfied are you with the repair of [the lift](#lift)? {: #repair .satisfaction na dimension=quality required }

### Was the fault fixed? {: #fixed .yesno partly required }

### How likely are you to recommend us? {: #recommend .nps }

### May we call you? {: #call .contact ask=phone show-if="fixed != yes" }
"""
ARABIC = """---
title: كيف كان إصلاح المصعد؟
language: ar
privacy:
  who: مصاعد المثال
  contact: privacy@example.com
  purpose: الغرض تحسين أعمالنا
  kept: تحفظ الإجابات ٢٤ شهرا
---
أربعة أسئلة قصيرة.

## العمل

### أي مصعد كان؟ {: #lift .text }

### ما مدى رضاك عن إصلاح [المصعد](#lift)؟ {: #repair .satisfaction }
- 1: غير راض إطلاقا
- 2: غير راض
- 3: محايد
- 4: راض
- 5: راض جدا

### هل أصلح العطل؟ {: #fixed .yesno }
- yes: نعم
- partly: جزئيا
- no: لا

### ما احتمال أن توصي بنا؟ {: #recommend .nps }

### هل يمكننا الاتصال بك؟ {: #call .contact }
"""
