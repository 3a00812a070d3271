using System.Buffers;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Serializers;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>Encodes values as the payloads of records.</summary>
internal sealed class ValueEncoder(ValueSerializers serializers, long maximumBytes, HybridCounts counts, ILogger logger, string name)
{
    /// <summary>Encodes a value that need not be stored.</summary>
    /// <returns>The payload, which may be too large to be stored; <see langword="null"/> if the value can't be serialized, which is counted
    /// and logged.</returns>
    public Payload? TryEncode<T>(T value)
    {
        try
        {
            return Encode(value);
        }
        catch (Exception unserializable)
        {
            NotStored<T>(unserializable, "its serializer threw. Register another one, or don't cache the type.");
            return null;
        }
    }

    /// <summary>Whether an encoded value is small enough to be stored. If it is not, this is counted and logged.</summary>
    public bool Fits<T>(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length <= maximumBytes)
            return true;
        NotStored<T>(cause: null, $"it has {payload.Length} bytes, more than {maximumBytes} (MaximumPayloadBytes).");
        return false;
    }

    /// <summary>Encodes a value that must be stored.</summary>
    /// <exception cref="ArgumentException">The value is too large.</exception>
    public Payload EncodeOrThrow<T>(T value)
    {
        var payload = Encode(value);
        return payload.Bytes.Length <= maximumBytes
            ? payload
            : throw new ArgumentException(
                $"The serialized value has {payload.Bytes.Length} bytes, more than {maximumBytes}. Store less, or raise "
                + "MaximumPayloadBytes and the topic's max.message.bytes.",
                nameof(value));
    }

    private Payload Encode<T>(T value)
    {
        if (value is null)
            return new Payload(RecordKind.Null, default);
        var writer = new ArrayBufferWriter<byte>();
        serializers.Of<T>().Serialize(value, writer);
        return new Payload(RecordKind.Value, writer.WrittenSpan.ToArray());
    }

    private void NotStored<T>(Exception? cause, string reason)
    {
        counts.CountNotStored();
        Log.ValueNotStored(logger, cause, name, typeof(T).ToString(), reason);
    }

    internal readonly record struct Payload(RecordKind Kind, ReadOnlyMemory<byte> Bytes);
}
