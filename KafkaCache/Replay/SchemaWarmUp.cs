using System.Runtime.CompilerServices;
using KafkaCaching.Encodings;

namespace KafkaCaching.Replay;

/// <summary>Decodes the first bytes that arrive with each schema, and discards the result. A deserializer that fetches schemas from a
/// registry thus has them before the first read. The class is used on the replay thread only.</summary>
internal sealed class SchemaWarmUp<T>
{
    // A topic has a few schemas. Bytes that aren't in Confluent's format may look like any number of them.
    private const int MaxSchemas = 1000;

    private readonly Codec<T> _codec;
    private readonly Dictionary<SchemaPrefix, bool> _known = [];
    private SchemaPrefix? _latest;

    private SchemaWarmUp(Codec<T> codec) => _codec = codec;

    /// <returns><see langword="null"/> when no schema needs to be fetched.</returns>
    public static SchemaWarmUp<T>? For(Codec<T> codec) => codec.HasUsersDeserializer ? new SchemaWarmUp<T>(codec) : null;

    /// <returns><see langword="false"/> when the first bytes of that schema could not be decoded. Decoding is attempted once; a read tries
    /// again and reports the cause.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Warm(ReadOnlySpan<byte> bytes)
    {
        var schema = SchemaPrefix.Of(bytes);
        return schema == _latest || WarmAnother(schema, bytes);
    }

    private bool WarmAnother(SchemaPrefix schema, ReadOnlySpan<byte> bytes)
    {
        if (!_known.TryGetValue(schema, out var isGood))
        {
            if (_known.Count == MaxSchemas)
                return true;
            _known.Add(schema, isGood = CanDecode(bytes));
        }

        if (isGood)
            _latest = schema;
        return isGood;
    }

    private bool CanDecode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _ = _codec.Decode(bytes);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
