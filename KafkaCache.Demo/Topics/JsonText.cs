using System.Text.Json;
using System.Text.Unicode;

namespace KafkaCaching.Demo.Topics;

/// <summary>Tells JSON from other bytes.</summary>
internal static class JsonText
{
    /// <summary>Whether the bytes are one JSON value in UTF-8, and nothing beside.</summary>
    public static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        // Most that isn't JSON shows it in its first byte.
        var text = bytes.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || !"{[\"-0123456789tfn"u8.Contains(text[0]) || !Utf8.IsValid(text))
            return false;

        var reader = new Utf8JsonReader(text);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
