using KafkaCaching.Replay;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>A wait until a position is applied.</summary>
internal sealed class ModelWait
{
    private readonly ModelCache _cache;
    private readonly CachePosition _position;
    private readonly Completion<bool> _wait;
    private readonly int _generation;
    private readonly bool _beganCutOff;

    public ModelWait(ModelCache cache, CachePosition position)
    {
        (_cache, _position, _generation) = (cache, position, cache.Generations);
        _beganCutOff = cache.IsCutOffSince(_generation);
        _wait = cache.Wait(position);
    }

    public bool IsOver => _wait.IsDone;

    /// <summary>Checks that the wait has ended for a valid reason, or continues for a valid reason.</summary>
    public void Look()
    {
        if (!_wait.IsDone)
            AssertGoesOnRightly();
        else if (_wait.Task.Exception?.InnerException is { } error)
            AssertFailedRightly(error);
        else
            Assert.True(IsPassed(_cache.State.Current!.Positions), $"The wait for {_position} has ended before it was applied.");
    }

    public void LookAfterTheEnd()
    {
        Assert.True(_wait.IsDone, $"The wait for {_position} outlives the cache.");
        Assert.NotNull(_wait.Task.Exception);
    }

    private void AssertGoesOnRightly()
    {
        var (phase, current, _, _) = _cache.State.Snapshot();
        Assert.True(phase is not (CachePhase.Faulted or CachePhase.Stopped), $"The wait for {_position} was not told of the end: {phase}.");
        Assert.False(
            !_beganCutOff && _cache.HasGoneOutOfRange(_generation), $"The wait for {_position} was not told that the log has changed.");
        if (current is null || _cache.IsCutOffSince(current.Number))
            return; // The wait may be for the next generation, while the old one still has a higher position.
        Assert.False(
            _cache is { Reads: true, HasJustTurned: true } && IsPassed(current.Positions),
            $"The wait for {_position} goes on though it is applied (begun in generation {_generation} of {_cache.Generations}, "
            + $"{current.Number} is served, {phase}).");
    }

    private void AssertFailedRightly(Exception error)
    {
        switch (error)
        {
            case TopicChangedException:
                Assert.True(_cache.IsCutOffSince(_generation), $"The wait for {_position} failed as if the log had changed.");
                break;
            case CacheFaultedException:
                Assert.Equal(CachePhase.Faulted, _cache.State.Snapshot().Phase);
                break;
            default:
                Assert.Fail($"The wait for {_position} failed by {error}");
                break;
        }
    }

    private bool IsPassed(Positions positions) =>
        _position.Partition < positions.Count && positions[_position.Partition].Position > _position.Offset;
}
