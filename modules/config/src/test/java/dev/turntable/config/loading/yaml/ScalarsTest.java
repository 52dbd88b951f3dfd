package dev.turntable.config.loading.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.turntable.config.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What llama-swap's YAML library takes a plain scalar for (§2.2). */
class ScalarsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            0                      | INT   | 0
            -0                     | INT   | 0
            +7                     | INT   | 7
            010                    | INT   | 8
            -010                   | INT   | -8
            0o17                   | INT   | 15
            0O17                   | INT   | 15
            -0o17                  | INT   | -15
            0x1F                   | INT   | 31
            -0X1f                  | INT   | -31
            0b101                  | INT   | 5
            1_000                  | INT   | 1000
            0x_ff                  | INT   | 255
            18446744073709551615   | INT   | 18446744073709551615
            -9223372036854775808   | INT   | -9223372036854775808
            08                     | FLOAT | 8
            099                    | FLOAT | 99
            1.0                    | FLOAT | 1
            1e3                    | FLOAT | 1000
            1.e3                   | FLOAT | 1000
            .5                     | FLOAT | 0.5
            -.5                    | FLOAT | -0.5
            5.                     | FLOAT | 5
            1_0.5                  | FLOAT | 10.5
            99999999999999999999   | FLOAT | 100000000000000000000
            +18446744073709551615  | FLOAT | 18446744073709552000
            true                   | BOOL  | true
            FALSE                  | BOOL  | false
            ~                      | NULL  | null
            Null                   | NULL  | null
            yes                    | TEXT  | "yes"
            on                     | TEXT  | "on"
            tRue                   | TEXT  | "tRue"
            nULL                   | TEXT  | "nULL"
            12:30:45               | TEXT  | "12:30:45"
            0x                     | TEXT  | "0x"
            0o8                    | TEXT  | "0o8"
            0b12                   | TEXT  | "0b12"
            1e                     | TEXT  | "1e"
            1e400                  | TEXT  | "1e400"
            .                      | TEXT  | "."
            ._5                    | TEXT  | "._5"
            -                      | TEXT  | "-"
            +                      | TEXT  | "+"
            7b                     | TEXT  | "7b"
            1.2.3                  | TEXT  | "1.2.3"
            Infinity               | TEXT  | "Infinity"
            ٣                      | TEXT  | "٣"
            2024-01-02             | TIME  | "2024-01-02T00:00:00Z"
            2024-1-2               | TIME  | "2024-01-02T00:00:00Z"
            2024-13-02             | TEXT  | "2024-13-02"
            2024-01-02T3:4:5Z      | TIME  | "2024-01-02T03:04:05Z"
            2024-01-02t03:04:05.50+01:00 | TIME | "2024-01-02T03:04:05.5+01:00"
            2024-01-02 03:04:05.125 | TIME | "2024-01-02T03:04:05.125Z"
            2024-01-02T03:04:05    | TEXT  | "2024-01-02T03:04:05"
            """)
    void plain(String text, Node.Kind kind, String json) {
        Scalars.Resolved resolved = Scalars.plain(text);
        assertEquals(kind, resolved.kind());
        String wanted = kind == Node.Kind.TEXT || kind == Node.Kind.TIME ? new Value.Text(json).toJson() : json;
        assertEquals(wanted, resolved.value().toJson());
    }

    @Test
    void tags() {
        assertEquals(
                new Value.Text("12"),
                Scalars.tagged("tag:yaml.org,2002:str", "12").value());
        assertEquals(
                new Value.Text("hello"),
                Scalars.tagged("tag:yaml.org,2002:binary", "aGVsbG8=").value());
        assertEquals(
                new Value.Decimal(3),
                Scalars.tagged("tag:yaml.org,2002:float", "3").value());
        assertEquals(
                "cannot decode !!str `x` as a !!int",
                assertThrows(IllegalArgumentException.class, () -> Scalars.tagged("tag:yaml.org,2002:int", "x"))
                        .getMessage());
    }
}
