using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KafkaCaching.Topics;

/// <summary>Lists one kind of offset for many topics in one request.</summary>
/// <remarks>librdkafka first looks up the leaders of all partitions. If one partition has no leader, the whole request waits for it and
/// fails. Therefore, a topic whose offsets could not be listed is queried in a separate request until they can be listed, so that it does
/// not delay other topics.</remarks>
internal sealed class OffsetLists
{
    private readonly TopicQuestions _questions;
    private readonly OffsetSpec _spec;
    private readonly IsolationLevel _isolation;
    private readonly Coalescer<Question, OffsetList> _coalescer;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);

    public OffsetLists(TopicQuestions questions, OffsetSpec spec, IsolationLevel isolation)
    {
        (_questions, _spec, _isolation) = (questions, spec, isolation);
        _coalescer = new(ListAllAsync);
    }

    public Task<OffsetList> AskAsync(string topic, int partitions)
    {
        var question = new Question(topic, partitions);
        return IsFailing(topic) ? ListAloneAsync(question) : _coalescer.AskAsync(question);
    }

    private async Task<OffsetList[]> ListAllAsync(IReadOnlyList<Question> questions)
    {
        var answers = await ListAsync(questions).ConfigureAwait(false);
        if (answers is not null && questions.Count > 0)
            return Note(questions, answers);
        return await Task.WhenAll(questions.Select(ListAloneAsync)).ConfigureAwait(false);
    }

    private async Task<OffsetList> ListAloneAsync(Question question)
    {
        try
        {
            return Note([question], await ListOrThrowAsync([question]).ConfigureAwait(false))[0];
        }
        catch (KafkaException failed)
        {
            return Note([question], [new OffsetList([], failed.Error)])[0];
        }
    }

    /// <returns>The lists; <see langword="null"/> if the request failed as a whole, so that each topic must be queried
    /// separately.</returns>
    private async Task<OffsetList[]?> ListAsync(IReadOnlyList<Question> questions)
    {
        try
        {
            return await ListOrThrowAsync(questions).ConfigureAwait(false);
        }
        catch (KafkaException) when (questions.Count > 1)
        {
            return null;
        }
        catch (KafkaException failed)
        {
            return [new OffsetList([], failed.Error)];
        }
    }

    private async Task<OffsetList[]> ListOrThrowAsync(IReadOnlyList<Question> questions)
    {
        // Two caches may read the same topic, and one of them may have found more partitions than the other.
        var asked = questions
            .GroupBy(static one => one.Topic, StringComparer.Ordinal)
            .SelectMany(
                static one => Enumerable.Range(0, one.Max(static question => question.Partitions)),
                static (one, partition) => new TopicPartition(one.Key, partition))
            .Select(one => new TopicPartitionOffsetSpec { TopicPartition = one, OffsetSpec = _spec });
        List<TopicPartitionOffsetError> told;
        try
        {
            var listed = await _questions.ListAsync(asked, _isolation).ConfigureAwait(false);
            told = [.. listed.ResultInfos.Select(static one => one.TopicPartitionOffsetError)];
        }
        catch (ListOffsetsException some)
        {
            told = [.. some.Result.ResultInfos.Select(static one => one.TopicPartitionOffsetError)];
        }

        var byTopic = told.ToLookup(static one => one.Topic, StringComparer.Ordinal);
        return [.. questions.Select(question => OffsetList.Of(byTopic[question.Topic], question.Partitions))];
    }

    private bool IsFailing(string topic)
    {
        lock (_gate)
            return _failing.Contains(topic);
    }

    private OffsetList[] Note(IReadOnlyList<Question> questions, OffsetList[] answers)
    {
        lock (_gate)
        {
            for (var i = 0; i < answers.Length; i++)
            {
                if (answers[i].Problem.IsError)
                    _failing.Add(questions[i].Topic);
                else
                    _failing.Remove(questions[i].Topic);
            }
        }

        return answers;
    }

    private sealed record Question(string Topic, int Partitions);
}
