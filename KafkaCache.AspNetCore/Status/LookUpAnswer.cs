using KafkaCaching.AspNetCore.Status.Find;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The result of a look-up: the entry, or why there is none.</summary>
internal sealed record LookUpAnswer(LookUpOutcome Outcome, string? Message = null, ShownEntry? Entry = null)
{
    public static LookUpAnswer Of(IKafkaCache cache, string key, DateTimeOffset now)
    {
        try
        {
            return EntryFinder.Find(cache, key) is { } found
                ? new LookUpAnswer(LookUpOutcome.Found, Entry: ShownEntry.Of(found, now))
                : new LookUpAnswer(LookUpOutcome.Absent);
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
            // The message is ours, because the message of the error may come from user code.
            return new LookUpAnswer(
                LookUpOutcome.NotReadable,
                $"The record of this key, at {new CachePosition(error.Partition, error.Offset)}, can't be used: {error.Reason}.");
        }
    }
}

/// <summary>How a look-up ended.</summary>
internal enum LookUpOutcome
{
    Found,
    Absent,
    NotAKey,
    NotReadable,
}
