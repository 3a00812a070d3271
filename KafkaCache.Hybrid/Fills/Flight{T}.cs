using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Hybrid.Fills;

/// <inheritdoc cref="Flight"/>
internal sealed class Flight<T>(FlightKey key, Capture? capture, string[] tagMarks, long invalidationsBefore)
    : Flight(key, capture, tagMarks, invalidationsBefore)
{
    // Continuations run asynchronously, so that no caller delays the flight or another caller.
    private readonly TaskCompletionSource<Landing> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Landing> Landed => _landing.Task;

    public override bool HasEnded => _landing.Task.IsCompleted;

    public void Land(T value, StoredRecord? record) => _landing.TrySetResult(new Landing(value, record));

    public override void Fail(Exception cause)
    {
        if (_landing.TrySetException(cause))
            _ = _landing.Task.Exception; // Marks the exception as observed, because no caller may be waiting any more.
    }

    /// <param name="Value">The value that the factory returned, or that was found in the cache.</param>
    /// <param name="Record">The serialized value; <see langword="null"/> if it could not be serialized.</param>
    internal readonly record struct Landing(T Value, StoredRecord? Record);
}
