using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>The objects that this process has created from results, by the ID of the result and the model. For the results that are read
/// most, the hybrid cache keeps the deserialized instance, and the instance keeps the objects. It deserializes all other results on each
/// read, so their objects are kept here.</summary>
internal sealed class ResultMemory(TimeSpan timeToLive, TimeProvider time) : IDisposable
{
    private const long MaxBytes = 64L << 20;

    // The approximate size of an object beyond its row: the headers of the object and of its strings.
    private const int OverheadBytes = 256;

    private readonly MemoryCache _objects = new(new MemoryCacheOptions { SizeLimit = MaxBytes, Clock = new Clock(time) });

    /// <returns>The objects; <see langword="null"/> if there are none.</returns>
    public ResultObjects<T>? Find<T>(CachedResult result, ResultCopiers copiers)
    {
        if (result.ObjectsOf<T>() is { } known && known.AreOf(copiers))
            return known;
        if (!_objects.TryGetValue((result.Id, copiers), out var found) || found is not ResultObjects<T> objects)
            return null;
        result.Keep(objects);
        return objects;
    }

    /// <summary>Keeps the objects that were created from a result, or copies of them if they are mutable.</summary>
    public void Keep<T>(CachedResult result, IReadOnlyList<T> made, ResultCopiers copiers)
    {
        if (ResultObjects<T>.Of(made, copiers) is not { } objects)
            return;
        result.Keep(objects);
        using var entry = _objects.CreateEntry((result.Id, copiers));
        entry.Value = objects;
        entry.AbsoluteExpirationRelativeToNow = timeToLive;
        entry.Size = OverheadBytes + (2L * result.Commands.Length) + ((long)OverheadBytes * made.Count);
    }

    public void Dispose() => _objects.Dispose();

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
