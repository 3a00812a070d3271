using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Tests.Replay;

/// <summary>Delivers one batch, then ends the loop.</summary>
internal sealed class ScriptedSource(RecordBatch batch, CancellationTokenSource end) : IRecordSource
{
    private bool _taken;

    public RecordSourceKind Kind => RecordSourceKind.None;

    public RecordBatch Take(TimeSpan wait)
    {
        if (!_taken)
        {
            _taken = true;
            return batch;
        }

        end.Cancel();
        return new RecordBatch(0);
    }

    public void Wake()
    {
    }

    public long NextOffset(int partition) => -1;

    public long HighWatermark(int partition) => -1;

    public void Dispose()
    {
    }
}
