using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KafkaCaching.AspNetCore.Status.Find;

/// <summary>Formats a value's bytes for display: as indented JSON, as text or, if they are neither, as base64.</summary>
internal static class ValueText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // For legibility, non-ASCII letters are not escaped. Code that puts the text into a page must escape it as HTML.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static (string Text, FoundFormat Format) Of(ReadOnlyMemory<byte> bytes)
    {
        if (AsJson(bytes) is { } json)
            return (json, FoundFormat.Json);
        return AsText(bytes.Span) is { } text ? (text, FoundFormat.Text) : (Convert.ToBase64String(bytes.Span), FoundFormat.Base64);
    }

    private static string? AsJson(ReadOnlyMemory<byte> bytes)
    {
        // A single number or word is shown as text, although it may also be valid JSON.
        if (bytes.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..])
            return null;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            using var stream = new MemoryStream(bytes.Length * 2);
            using (var writer = new Utf8JsonWriter(stream, Indented))
                document.WriteTo(writer);
            return Strict.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException or ArgumentException)
        {
            // An escaped lone surrogate is accepted by the parser, but can't be written.
            return null;
        }
    }

    private static string? AsText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            foreach (var c in text)
            {
                if (char.IsControl(c) && c is not ('\t' or '\r' or '\n'))
                    return null;
            }

            return text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
