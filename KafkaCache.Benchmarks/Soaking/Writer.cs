namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Writes step by step, and holds its lock during each step.</summary>
internal abstract class Writer : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private Task _writing = Task.CompletedTask;

    public Turn Turn { get; } = new();

    protected abstract TimeSpan Rest { get; }

    public void Start(Violations violations) => _writing = Task.Run(() => RunAsync(violations));

    public virtual async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _writing;
        _ending.Dispose();
        Turn.Dispose();
    }

    protected abstract Task StepAsync();

    private async Task RunAsync(Violations violations)
    {
        try
        {
            while (true)
            {
                await Turn.TakeAsync(_ending.Token);
                try
                {
                    await StepAsync();
                }
                finally
                {
                    Turn.GiveBack();
                }

                await Task.Delay(Rest, _ending.Token);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception unexpected)
        {
            violations.Add("A write", "a result or a PutException", unexpected.ToString(), isLast: true);
        }
    }
}
