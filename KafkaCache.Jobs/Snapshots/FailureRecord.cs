using System.Text.Json;

namespace KafkaCaching.Jobs.Snapshots;

/// <summary>The last refresh that failed, for all instances to see.</summary>
/// <param name="At">When it had failed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Request">The offset of the last request that it was to answer; -1 if there was none.</param>
/// <param name="By">Which instance tried.</param>
internal sealed record FailureRecord(DateTimeOffset At, string Reason, long Request, string? By)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <exception cref="JsonException">The bytes are no such record.</exception>
    public static FailureRecord Of(byte[] bytes) =>
        JsonSerializer.Deserialize<FailureRecord>(bytes, JsonSerializerOptions.Web) ?? throw new JsonException("The record is null.");
}
