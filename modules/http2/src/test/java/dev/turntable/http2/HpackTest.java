package dev.turntable.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header compression as RFC 7541 has it, with its own examples. */
class HpackTest {
    private final HpackDecoder decoder = new HpackDecoder();

    private List<String> decode(String hex) {
        byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
        List<String> fields = new ArrayList<>();
        decoder.decode(block, block.length, field -> fields.add(field.name() + "=" + field.value()));
        return fields;
    }

    @Test
    void the_tests_run_in_the_named_module() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void requests_with_huffman_code_and_a_growing_table() {
        assertEquals(
                List.of(":method=GET", ":scheme=http", ":path=/", ":authority=www.example.com"),
                decode("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"));
        assertEquals(
                List.of(
                        ":method=GET",
                        ":scheme=http",
                        ":path=/",
                        ":authority=www.example.com",
                        "cache-control=no-cache"),
                decode("8286 84be 5886 a8eb 1064 9cbf"));
        assertEquals(
                List.of(
                        ":method=GET",
                        ":scheme=https",
                        ":path=/index.html",
                        ":authority=www.example.com",
                        "custom-key=custom-value"),
                decode("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"));
    }

    @Test
    void requests_without_huffman_code() {
        assertEquals(
                List.of(":method=GET", ":scheme=http", ":path=/", ":authority=www.example.com"),
                decode("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"));
        assertEquals(List.of(":path=/sample/path"), decode("040c 2f73 616d 706c 652f 7061 7468"));
        assertEquals(List.of("password=secret"), decode("1008 7061 7373 776f 7264 0673 6563 7265 74"));
    }

    @Test
    void a_small_table_forgets_the_oldest() {
        String first = "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
                + "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3";
        assertEquals(
                List.of(
                        ":status=302",
                        "cache-control=private",
                        "date=Mon, 21 Oct 2013 20:13:21 GMT",
                        "location=https://www.example.com"),
                decode("3fe1 01" + first));
        assertEquals(
                List.of(
                        ":status=307",
                        "cache-control=private",
                        "date=Mon, 21 Oct 2013 20:13:21 GMT",
                        "location=https://www.example.com"),
                decode("4883 640e ffc1 c0bf"));
        String third = "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
                + "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f"
                + "9587 3160 65c0 03ed 4ee5 b106 3d50 07";
        assertEquals(
                List.of(
                        ":status=200",
                        "cache-control=private",
                        "date=Mon, 21 Oct 2013 20:13:22 GMT",
                        "location=https://www.example.com",
                        "content-encoding=gzip",
                        "set-cookie=foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"),
                decode(third));
    }

    @Test
    void an_entry_larger_than_the_table_empties_it_and_is_a_field_all_the_same() {
        decode("4001 6101 62");
        String large = "63".repeat(5000);
        // 5000 = 127 + 4873 (0x1309): 0x7f, 0x89, 0x26
        assertEquals(List.of("a=" + "c".repeat(5000)), decode("4001 61 7f 89 26" + large));
        assertThrows(Http2Exception.class, () -> decode("be"));
    }

    @Test
    void every_byte_survives() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        byte[] block = HpackEncoder.trailers(List.of(new Field("x", all.toString())));
        List<Field> fields = new ArrayList<>();
        decoder.decode(block, block.length, fields::add);
        assertEquals(List.of(new Field("x", all.toString())), fields);
    }

    @Test
    void the_longest_codes_are_read() {
        // 0x0a, 0x0d and 0x16 take 30 bits each, here followed by the beginning of the end of a string: six ones.
        String bits = "111111111111111111111111111100" + "111111111111111111111111111101"
                + "111111111111111111111111111110" + "111111";
        byte[] bytes = new byte[bits.length() / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
        }
        assertEquals("\n\r\u0016", Huffman.decode(bytes, 0, bytes.length));
    }

    @Test
    void what_we_write_is_read_as_it_was_meant() {
        List<Field> fields = List.of(
                new Field("content-type", "text/event-stream"),
                new Field("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
                new Field("x-new", "v".repeat(300)),
                new Field("vary", ""));
        byte[] block = HpackEncoder.response(503, fields);
        List<Field> read = new ArrayList<>();
        decoder.decode(block, block.length, read::add);
        assertEquals(new Field(":status", "503"), read.removeFirst());
        assertEquals(fields, read);
        assertEquals("88", HexFormat.of().formatHex(HpackEncoder.response(200, List.of())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // no index
                "be", // nothing in the table
                "ff ff ff ff ff 0f", // an index without end
                "7f", // cut off in a number
                "40 05 61", // cut off in a name
                "40 01 61 02 61", // cut off in a value
                "40 01 61", // cut off before a value
                "82 20", // a new size behind a field
                "3f e2 1f", // a table larger than allowed
                "00 01 61 81 fe", // a Huffman string that does not end in ones
                "00 01 61 85 ff ff ff ff ff", // a Huffman string with its end inside
                "00 01 61 82 1f ff", // a Huffman string with too much of its end
            })
    void broken_blocks_end_the_connection(String hex) {
        Http2Exception broken = assertThrows(Http2Exception.class, () -> decode(hex));
        assertEquals(ErrorCode.COMPRESSION_ERROR, broken.code());
        assertEquals(0, broken.stream());
    }

    @Test
    void text_of_other_alphabets_passes_as_its_bytes() {
        String bytes = new String("grün".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        byte[] block = HpackEncoder.trailers(List.of(new Field("x", bytes)));
        decoder.decode(block, block.length, field -> assertEquals(bytes, field.value()));
    }
}
