package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextRulesTest {
    @Test
    void runsInItsModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void numbersTakeTheShortestFormWithAnExponentFromAMillionOn() {
        assertEquals("0", Numbers.shortest(0));
        assertEquals("0.7", Numbers.shortest(0.7));
        assertEquals("123456", Numbers.shortest(123456.0));
        assertEquals("1e+06", Numbers.shortest(1_000_000.0));
        assertEquals("1.2345675e+06", Numbers.shortest(1234567.5));
        assertEquals("8.589934592e+09", Numbers.shortest(8589934592.0));
        assertEquals("1e-05", Numbers.shortest(0.00001));
        assertEquals("0.0001", Numbers.shortest(0.0001));
        assertEquals("-2.5", Numbers.shortest(-2.5));
        assertEquals("100", Numbers.shortest(100.0));
    }

    @Test
    void labelValuesEscapeWhatWouldBreakThem() {
        String text = new Exposition().sample("m", "1", "n", "a\\b\"c\nd").toString();
        assertEquals("m{n=\"a\\\\b\\\"c\\nd\"} 1\n", text);
    }

    @Test
    void trimmingKnowsTheSpacesOfTheReference() {
        assertEquals("a b", Words.trim("\u00a0\u0085 \t a b\u2003\n"));
        assertEquals("\"x\\\"\\\\\\n\"", Words.quoted("x\"\\\n"));
    }

    @Test
    void unreadablePartsOfAQueryAreLeftOut() {
        Query query = Query.parse("a=1&b=%zz&c=2;d=3&e=+x+&a=4&f");
        assertEquals(Optional.of("1"), query.first("a"));
        assertEquals(List.of("1", "4"), query.all("a"));
        assertEquals(Optional.empty(), query.first("b"));
        assertEquals(Optional.empty(), query.first("c"));
        assertEquals(Optional.of("x"), query.given("e"));
        assertEquals(Optional.of(""), query.first("f"));
    }

    @Test
    void jsonIsSafeInsideAPage() {
        assertEquals("\"\\u003ca href=\\u0026\\u003e\"", Json.text(out -> out.writeString("<a href=&>")));
    }
}
