using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Topics;

public sealed class CoalescerTests
{
    private readonly List<int[]> _asked = [];
    private readonly Queue<TaskCompletionSource<string[]>> _open = new();
    private readonly Coalescer<int, string> _coalescer;

    public CoalescerTests() => _coalescer = new(questions =>
    {
        _asked.Add([.. questions]);
        var answer = new TaskCompletionSource<string[]>();
        _open.Enqueue(answer);
        return answer.Task;
    });

    [Fact]
    public async Task What_is_asked_while_a_question_is_out_goes_together_as_the_next()
    {
        var first = _coalescer.AskAsync(1);
        var (second, third) = (_coalescer.AskAsync(2), _coalescer.AskAsync(3));
        Assert.Equal([1], Assert.Single(_asked));

        _open.Dequeue().SetResult(["one"]);
        Assert.Equal("one", await first);
        Assert.Equal([2, 3], _asked[1]);

        _open.Dequeue().SetResult(["two", "three"]);
        Assert.Equal(("two", "three"), (await second, await third));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Who_asks_when_nobody_does_is_not_held_up()
    {
        var first = _coalescer.AskAsync(1);
        _open.Dequeue().SetResult(["one"]);
        await first;

        _ = _coalescer.AskAsync(2);

        Assert.Equal([2], _asked[1]);
    }

    [Fact]
    public async Task A_failure_reaches_the_callers_of_its_request_and_the_next_request_is_still_sent()
    {
        var first = _coalescer.AskAsync(1);
        var second = _coalescer.AskAsync(2);
        _open.Dequeue().SetException(new InvalidOperationException("no answer"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);

        _open.Dequeue().SetResult(["two"]);
        Assert.Equal("two", await second);
    }
}
