using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace KafkaCaching.Encodings;

/// <summary>Encodes strings as UTF-8, strictly in both directions: if replacement characters were used, two different keys could become the
/// same.</summary>
internal sealed class StringCodec : Codec<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override byte[] Encode(string value)
    {
        try
        {
            return Strict.GetBytes(value);
        }
        catch (EncoderFallbackException e)
        {
            throw LoneSurrogate(e.Index, nameof(value));
        }
    }

    public override bool TryEncode(string value, Span<byte> destination, out int written)
    {
        switch (Utf8.FromUtf16(value, destination, out var read, out written, replaceInvalidSequences: false))
        {
            case OperationStatus.Done:
                return true;
            case OperationStatus.DestinationTooSmall:
                written = 0;
                return false;
            default:
                throw LoneSurrogate(read, nameof(value));
        }
    }

    public override string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException($"The bytes are not UTF-8: they are invalid at byte {e.Index} of {bytes.Length}.");
        }
    }

    // The framework's own exceptions quote the character, so neither this method nor Decode passes them on.
    private static ArgumentException LoneSurrogate(int index, string paramName) =>
        new($"The string can't be encoded as UTF-8: it has half of a surrogate pair at index {index}.", paramName);
}
