using System.Transactions;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Stands among the parts of an ambient transaction, to announce its commit before any of them prepares it.</summary>
internal sealed class AmbientAnnouncement(PendingCommit pending) : IEnlistmentNotification
{
    // It blocks, because a transaction whose parts answer from other threads ends there too, and its owner may go on before that: the marks
    // would be written behind its back.
    public void Prepare(PreparingEnlistment preparingEnlistment)
    {
        try
        {
            Blocking.Wait(pending.AnnounceAsync);
        }
        catch (Exception refused)
        {
            preparingEnlistment.ForceRollback(refused);
            return;
        }

        preparingEnlistment.Prepared();
    }

    public void Commit(Enlistment enlistment) => enlistment.Done();

    public void Rollback(Enlistment enlistment) => enlistment.Done();

    public void InDoubt(Enlistment enlistment) => enlistment.Done();
}
