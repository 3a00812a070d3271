using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>What one reader has seen in one instance, by key. The position of a key's record must never decrease, and an absent entry must
/// not reappear at the same position, except when the log has been replaced.</summary>
internal sealed class Sightings
{
    private readonly Sighting[] _byKey = new Sighting[SoakKeys.Count];

    /// <param name="number">The key.</param>
    /// <param name="position">The position of its record, or <see langword="null"/> if the key is absent.</param>
    /// <param name="before">The log before the read.</param>
    /// <param name="after">The log after the read.</param>
    /// <returns>The error in the sighting, or <see langword="null"/> if there is none.</returns>
    public string? Note(int number, CachePosition? position, LogState before, LogState after)
    {
        ref var last = ref _byKey[number];
        if (last.Log < before.Settled)
        {
            // The last sighting was in an earlier log, or there was none.
            last = new Sighting(before.Settled, position ?? default, HasPosition: position is not null, IsAbsent: position is null);
            return null;
        }

        if (position is not { } now)
        {
            last = last with { IsAbsent = true };
            return null;
        }

        var (goesBack, was) = (GoesBack(last, now), last);
        last = last with { Position = now, HasPosition = true, IsAbsent = false };
        if (!goesBack)
            return null;
        if (was.Log < after.Begun)
        {
            last = last with { Log = was.Log + 1 };
            return null;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{was.Position}{(was.IsAbsent ? ", then absent" : "")}, then {now}");
    }

    private static bool GoesBack(in Sighting last, CachePosition now) =>
        last.HasPosition && (
            now.Partition != last.Position.Partition
                || now.Offset < last.Position.Offset || (last.IsAbsent && now.Offset == last.Position.Offset));

    /// <param name="Log">The change of the log to which the sighting belongs.</param>
    /// <param name="Position">The position of the key's record when it was last seen.</param>
    /// <param name="HasPosition">Whether a record was seen.</param>
    /// <param name="IsAbsent">Whether the key was absent after that.</param>
    private readonly record struct Sighting(int Log, CachePosition Position, bool HasPosition, bool IsAbsent);
}
