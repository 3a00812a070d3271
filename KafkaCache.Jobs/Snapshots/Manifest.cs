using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Jobs.Snapshots;

/// <summary>The last record of a refresh. It describes the rows that a reader must have before it serves the version, and counts the
/// refresh's changes.</summary>
internal sealed record Manifest
{
    public required long Version { get; init; }

    public required long Count { get; init; }

    /// <summary>The hash of the rows, as 32 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>When the fetch began.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    public double FetchSeconds { get; init; }

    /// <summary>The offset of the last request to refresh that existed when the fetch began; -1 if there was none.</summary>
    public long Request { get; init; } = -1;

    public long Added { get; init; }

    public long Changed { get; init; }

    public long Removed { get; init; }

    /// <summary>The instance that made the version.</summary>
    public string? By { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <exception cref="JsonException">The bytes are not a manifest.</exception>
    public static Manifest Of(byte[] bytes) =>
        JsonSerializer.Deserialize<Manifest>(bytes, JsonSerializerOptions.Web) ?? throw new JsonException("The manifest is null.");

    public static string Text(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);
}
