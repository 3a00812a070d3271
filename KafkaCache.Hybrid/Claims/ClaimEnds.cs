using System.Text;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Claims;

/// <summary>Writes and reads the records that end claims. The payload is the position of the stored value as text, or empty if no value was
/// stored.</summary>
internal static class ClaimEnds
{
    public static StoredRecord Of(long number, CachePosition? fill) =>
        new(RecordKind.ClaimEnd, fill is { } position ? Encoding.ASCII.GetBytes(position.ToString()) : default(ReadOnlyMemory<byte>))
        {
            SetNumber = number,
        };

    public static CachePosition? FillOf(StoredRecord end) =>
        CachePosition.TryParse(Encoding.ASCII.GetString(end.Payload.Span), provider: null, out var position) ? position : null;
}
