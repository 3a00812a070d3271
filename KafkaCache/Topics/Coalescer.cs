namespace KafkaCaching.Topics;

/// <summary>Asks one batch of questions at a time. Questions that arrive during a batch wait, and are then asked together in one request.
/// Caches that check their topics at the same moment thus cost the brokers two requests in all, not one each.</summary>
/// <param name="ask">Answers questions; each answer has the index of its question. It always completes, and reports a failure in its
/// answers.</param>
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
                // The callers that wait for the answers get the exception, because nobody awaits this task.
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
