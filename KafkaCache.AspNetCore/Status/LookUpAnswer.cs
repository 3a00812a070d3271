using KafkaCaching.AspNetCore.Status.Find;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The result of a look-up: the entry, or the keys, or why there are none.</summary>
internal sealed record LookUpAnswer(LookUpOutcome Outcome, string? Message = null, ShownEntry? Entry = null, FoundKeys? Keys = null)
{
    public static LookUpAnswer Of(IKafkaCache cache, LookUp asked, DateTimeOffset now)
    {
        try
        {
            return asked.By switch
            {
                LookUpBy.Prefix => Of(EntryFinder.FindPrefix(cache, asked.Key)),
                LookUpBy.Index => Of(EntryFinder.FindTerm(cache, asked.Index!, asked.Key)),
                _ when EntryFinder.Find(cache, asked.Key) is { } found => new(LookUpOutcome.Found, Entry: ShownEntry.Of(found, now)),
                _ => new(LookUpOutcome.Absent),
            };
        }
        catch (FormatException notAKey)
        {
            return new LookUpAnswer(LookUpOutcome.NotAKey, notAKey.Message);
        }
        catch (CacheNotReadyException notReady)
        {
            return new LookUpAnswer(LookUpOutcome.NotReadable, notReady.Message);
        }
        catch (CacheFaultedException)
        {
            return new LookUpAnswer(LookUpOutcome.NotReadable, $"The cache has faulted. {cache.Status.FaultText}");
        }
        catch (ObjectDisposedException)
        {
            return new LookUpAnswer(LookUpOutcome.NotReadable, "The cache has been stopped.");
        }
        catch (RecordErrorException error)
        {
            // The exception's own message is not shown, because it may come from the application's code and contain data.
            return new LookUpAnswer(
                LookUpOutcome.NotReadable,
                $"The record of {(asked.By == LookUpBy.Key ? "this key" : "a key that was found")}, at "
                + $"{new CachePosition(error.Partition, error.Offset)}, can't be used: {error.Reason}.");
        }
    }

    private static LookUpAnswer Of(FoundKeys found) =>
        found.Keys.Count == 0 ? new(LookUpOutcome.Absent) : new(LookUpOutcome.FoundKeys, Keys: found);
}

/// <summary>How a look-up ended.</summary>
internal enum LookUpOutcome
{
    Found,
    FoundKeys,
    Absent,
    NotAKey,
    NotReadable,
}
