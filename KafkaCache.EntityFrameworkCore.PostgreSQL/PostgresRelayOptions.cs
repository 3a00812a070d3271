using System.Text.RegularExpressions;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL;

/// <summary>The options for reading the changes of a PostgreSQL database.</summary>
public sealed partial class PostgresRelayOptions : ChangeRelayOptions
{
    // PostgreSQL's limit is 63 characters. A new slot is first created under this name with the suffix "_new".
    private const int MaxSlotLength = 59;
    private const int MaxNameLength = 63;

    internal PostgresRelayOptions(string cache)
    {
        var name = $"kafkacache_{IllegalInSlots().Replace(cache.ToLowerInvariant(), "_")}";
        (Slot, Publication) = (name[..Math.Min(name.Length, MaxSlotLength)], name);
    }

    /// <summary>The connection string of the primary server. The role needs <c>REPLICATION</c>. Default: <see langword="null"/>, which
    /// means the connection string of the context.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The replication slot, which keeps the position and belongs to this cache alone. Range: 1 to 59 lower-case letters, digits
    /// and underscores. Default: the default of <see cref="Publication"/>, truncated to 59 characters.</summary>
    public string Slot { get; set; }

    /// <summary>The publication, which determines the tables in the stream. Range: 1 to 63 characters. Default: <c>kafkacache_</c> and the
    /// name of the cache in lower case, in which each character other than <c>a</c> to <c>z</c>, <c>0</c> to <c>9</c> and <c>_</c> is
    /// replaced by <c>_</c>.</summary>
    public string Publication { get; set; }

    /// <summary>Whether to create a missing publication or slot, to add missing tables of the model to the publication, and to replace a
    /// slot that the server has invalidated. If not, the log shows the commands to run. Default: <see langword="true"/>.</summary>
    public bool CreateMissing { get; set; } = true;

    /// <summary>The interval between small messages that are written to the database's log. They advance the slot's position while there
    /// are no other changes, and are used to measure the lag of the relay. Range: 1 second to 1 hour. Default: 5 seconds.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults())
            yield return fault;
        if (Slot is null || !OfSlot().IsMatch(Slot))
            yield return $"Slot is malformed. Set it to 1 to {MaxSlotLength} lower-case letters, digits and underscores.";
        if (string.IsNullOrWhiteSpace(Publication) || Publication.Length > MaxNameLength || Publication.Any(char.IsControl))
            yield return $"Publication is missing, too long or has control characters. Set it to 1 to {MaxNameLength} characters.";
        if (ProbeInterval < TimeSpan.FromSeconds(1) || ProbeInterval > TimeSpan.FromHours(1))
            yield return $"ProbeInterval is {ProbeInterval}. Set it to a value from 1 second to 1 hour.";
    }

    [GeneratedRegex("[^a-z0-9_]", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IllegalInSlots();

    [GeneratedRegex("^[a-z0-9_]{1,59}$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex OfSlot();
}
