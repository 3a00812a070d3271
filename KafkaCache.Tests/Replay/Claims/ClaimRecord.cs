using System.Text;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>A record whose value lists the entries that it yields, such as <c>a=1 b=2</c>; none if it is empty. The resolver throws on
/// <c>!</c>, the validator refuses <c>?</c>, and <see cref="Oversize"/> is too large for the store.</summary>
internal sealed record ClaimRecord(int Partition, long Offset, long TimestampMs, string Key, string? Value)
{
    public const string Throws = "!";
    public const string Refused = "?";

    public static string Oversize { get; } = new('o', 9_000);

    public static void Resolve(in CacheRecord record, ICacheUpdates<string, string> updates)
    {
        var value = record.ReadValue<string>();
        foreach (var (key, yielded) in Yields(value))
            updates.Set(key, yielded);
        if (value == Throws)
            throw new InvalidOperationException("The history wants it so.");
    }

    public static bool Validate(in CacheRecord record) => !record.ValueBytes.SequenceEqual("?"u8);

    public static IEnumerable<(string Key, string Value)> Yields(string value)
    {
        if (value == Throws)
            return [("a", "half of it")];
        return value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(static pair => pair != Refused)
            .Select(static pair => (pair[..1], pair[2..]));
    }

    public SourceRecord ToSource() => new(
        Partition, Offset, TimestampMs, Encoding.UTF8.GetBytes(Key), Value is null ? null : Encoding.UTF8.GetBytes(Value), headers: null);

    public override string ToString() => $"{Partition}:{Offset} at {TimestampMs} {Key} -> {ShortValue}";

    private string ShortValue => Value?.Replace(Oversize, "OVERSIZE", StringComparison.Ordinal) ?? "null";
}
