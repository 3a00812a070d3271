using System.Text.Json;

namespace KafkaCaching.Jobs.Snapshots;

/// <summary>Describes the last refresh that failed, so that all instances can report it.</summary>
/// <param name="At">When the refresh failed.</param>
/// <param name="Reason">Why the refresh failed.</param>
/// <param name="Request">The offset of the last request that the refresh should have answered; -1 if there was none.</param>
/// <param name="By">The instance that tried to refresh.</param>
internal sealed record FailureRecord(DateTimeOffset At, string Reason, long Request, string? By)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <exception cref="JsonException">The bytes are not such a record.</exception>
    public static FailureRecord Of(byte[] bytes) =>
        JsonSerializer.Deserialize<FailureRecord>(bytes, JsonSerializerOptions.Web) ?? throw new JsonException("The record is null.");
}
