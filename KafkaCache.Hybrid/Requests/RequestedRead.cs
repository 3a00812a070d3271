using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Reads;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Hybrid.Requests;

/// <summary>Reads on behalf of a request: find the entry → compare it with the request's directives → report why it can't be
/// used.</summary>
internal sealed class RequestedRead(HybridReader reader, TimeProvider time, string name)
{
    private const HybridCacheEntryFlags NoReads =
        HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead;

    private const HybridCacheEntryFlags NoWrites =
        HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite;

    public bool TryGet<T>(string key, CacheDirectives directives, HybridCacheEntryOptions? options, out T value, out RequestAnswer answer)
    {
        var access = EntryAccess.Of(options);
        var stores = !directives.NoStore && access.WritesStored && access.RunsFactory;
        answer = new RequestAnswer(name, ForwardReason.Miss, stores, Age: default, TimeToLive: null);
        value = default!;
        if (!reader.TryFind(key, access, out var found))
            return false;

        // The timestamp comes from the clock of a writer or a broker. If that clock is ahead of this one, the difference is negative.
        var now = time.GetUtcNow();
        var age = now > found.Written ? now - found.Written : TimeSpan.Zero;
        if (!found.IsFresh(now))
            answer = answer with { Forward = ForwardReason.Stale };
        else if (directives.NoCache || age > directives.MaxAge)
            answer = answer with { Forward = ForwardReason.Request };
        else if (reader.TryGet(key, access, out value))
            answer = new RequestAnswer(name, ForwardReason.None, IsStored: false, age, found.Record.FreshFor - age);
        return answer.IsHit;
    }

    /// <summary>The options of the load that follows. The load must not find the entry that the request refused.</summary>
    public static HybridCacheEntryOptions? ForLoad(HybridCacheEntryOptions? options, CacheDirectives directives, RequestAnswer answer)
    {
        var added = directives.NoCache || answer.Forward == ForwardReason.Request ? NoReads : HybridCacheEntryFlags.None;
        if (directives.NoStore)
            added |= NoWrites;
        return added == HybridCacheEntryFlags.None
            ? options
            : new HybridCacheEntryOptions
            {
                Expiration = options?.Expiration,
                LocalCacheExpiration = options?.LocalCacheExpiration,
                Flags = (options?.Flags ?? HybridCacheEntryFlags.None) | added,
            };
    }
}
