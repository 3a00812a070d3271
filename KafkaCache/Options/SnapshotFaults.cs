namespace KafkaCaching.Options;

/// <summary>Checks the options of snapshots.</summary>
internal static class SnapshotFaults
{
    private const int MaxVersionLength = 200;

    public static IEnumerable<string> Of(SnapshotOptions? options)
    {
        if (options is null)
        {
            yield return "Snapshot is null. Leave it out for no snapshots.";
            yield break;
        }

        if (options.Directory is { } directory && string.IsNullOrWhiteSpace(directory))
            yield return "Snapshot.Directory is empty. Set it to a directory on a local disk, or leave it out for no snapshots.";
        if (options.Interval < TimeSpan.FromSeconds(10) || options.Interval > TimeSpan.FromDays(1))
            yield return $"Snapshot.Interval is {options.Interval}. Set it to a value from 10 seconds to 1 day.";
        if (options.WriteBytesPerSecond is < 1_000_000 or > 10_000_000_000)
            yield return $"Snapshot.WriteBytesPerSecond is {options.WriteBytesPerSecond}. Set it to a value from 1,000,000 to "
                + "10,000,000,000.";
        if (options.MaxBytes is < 1L << 20 or > 4L << 40)
            yield return $"Snapshot.MaxBytes is {options.MaxBytes}. Set it to a value from 1 MiB to 4 TiB, or leave it out for 4 times "
                + "Store.MemoryBudget.";
        if (options.ServeFromFileAbove < 0)
            yield return $"Snapshot.ServeFromFileAbove is {options.ServeFromFileAbove}. Set it to a number of bytes, or to 0 for always.";
        if (options.MaxAge is { } age && (age < TimeSpan.FromMinutes(1) || age > TimeSpan.FromDays(365)))
            yield return $"Snapshot.MaxAge is {age}. Set it to a value from 1 minute to 365 days, or leave it out to go by the topic's "
                + "delete.retention.ms.";
        foreach (var address in options.Siblings)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                yield return "Snapshot.From has an address that is not absolute, or neither http nor https. Set it to a "
                    + "comma-separated list of such addresses.";
        }

        if (options is { From: not null, Directory: null })
            yield return "Snapshot.From is set without Snapshot.Directory. Set a directory for the snapshots that are fetched.";
        if (options.Version is not { Length: <= MaxVersionLength })
            yield return $"Snapshot.Version is null or has more than {MaxVersionLength} characters. Shorten it, or leave it out.";
    }
}
