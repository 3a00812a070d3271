using System.Runtime.CompilerServices;
using KafkaCaching.Encodings;

namespace KafkaCaching.Replay.Applying;

/// <summary>Decodes the first key or value that begins with each <see cref="SchemaPrefix"/>, and discards the result, so that a
/// deserializer that fetches schemas from a registry has them before the first read. The class is used only on the replay thread.</summary>
internal sealed class SchemaWarmUp<T>
{
    // A topic has only a few schemas. But bytes that are not in Confluent's format may look like any number of schemas.
    private const int MaxSchemas = 1000;

    private readonly Codec<T> _codec;
    private readonly Dictionary<SchemaPrefix, bool> _known = [];
    private SchemaPrefix? _latest;

    private SchemaWarmUp(Codec<T> codec) => _codec = codec;

    /// <returns><see langword="null"/> if no schema needs to be fetched.</returns>
    public static SchemaWarmUp<T>? For(Codec<T> codec) => codec.HasUsersDeserializer ? new SchemaWarmUp<T>(codec) : null;

    /// <returns><see langword="false"/> if the first key or value with this schema could not be decoded. Decoding is attempted only once. A
    /// read tries again and reports the cause.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Warm(ReadOnlySpan<byte> bytes)
    {
        var schema = SchemaPrefix.Of(bytes);
        return schema == _latest || WarmUpAnother(schema, bytes);
    }

    private bool WarmUpAnother(SchemaPrefix schema, ReadOnlySpan<byte> bytes)
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
