namespace KafkaCaching.Topics;

/// <summary>Combines questions to the brokers into batches, and asks one batch at a time. Questions that arrive in the meantime wait, and
/// are then asked together in one request. If many caches check their topics at the same moment, they cause only two requests in
/// total.</summary>
/// <param name="ask">Asks a batch of questions. Each answer has the index of its question. The task always completes, and a failure is
/// reported in the answers.</param>
internal sealed class Coalescer<TQuestion, TAnswer>(Func<IReadOnlyList<TQuestion>, Task<TAnswer[]>> ask)
{
    private readonly Lock _gate = new();
    private List<Asked> _waiting = [];
    private bool _isAsking;

    public Task<TAnswer> AskAsync(TQuestion question)
    {
        var asked = new Asked(question);
        lock (_gate)
        {
            _waiting.Add(asked);
            if (_isAsking)
                return asked.Answer.Task;
            _isAsking = true;
        }

        _ = AskAllAsync();
        return asked.Answer.Task;
    }

    private async Task AskAllAsync()
    {
        while (TakeWaiting() is { } together)
        {
            try
            {
                var answers = await ask([.. together.Select(static one => one.Question)]).ConfigureAwait(false);
                for (var i = 0; i < answers.Length; i++)
                    together[i].Answer.TrySetResult(answers[i]);
            }
            catch (Exception failed)
            {
                // Nothing awaits this task, so the exception is passed to the callers that wait for the answers.
                foreach (var one in together)
                    one.Answer.TrySetException(failed);
            }
        }
    }

    private List<Asked>? TakeWaiting()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isAsking = false;
                return null;
            }

            var together = _waiting;
            _waiting = [];
            return together;
        }
    }

    private sealed class Asked(TQuestion question)
    {
        public TQuestion Question => question;

        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
