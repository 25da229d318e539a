using System.Runtime.CompilerServices;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution.Ranks;
using Avial.Geometry;

namespace Avial.Tests.Ranks;

/// <summary>Messages between ranks of one process.</summary>
public sealed unsafe class InProcessCommunicatorTests
{
    private static readonly WaitSite s_here = RankThreads.Here;

    [Test]
    public void PingPong_InTheSteadyState_AllocatesNothing([Values(-1, 1024)] int eagerBytes, [Values(0, 8, 100_000)] int bytes)
    {
        var allocated = new long[2];
        RankThreads.Run(2, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
        {
            byte[] memory = GC.AllocateArray<byte>(Math.Max(1, bytes), pinned: true);
            var data = (byte*)Unsafe.AsPointer(ref memory[0]);
            PingPong(ranks, data, bytes, 100);
            allocated[ranks.Rank.Value] = SteadyState.AllocatedBy(() => PingPong(ranks, data, bytes, bytes > 1000 ? 500 : 5_000));
        });

        Assert.That(allocated, Is.All.EqualTo(0));
    }

    private static void PingPong(ICommunicator ranks, byte* data, long bytes, int times)
    {
        var other = new RankId(1 - ranks.Rank.Value);
        for (int i = 0; i < times; i++)
        {
            if (ranks.Rank.Value == 0)
            {
                ranks.Wait(ranks.Send(other, 1, data, bytes), s_here);
                ranks.Wait(ranks.Receive(other, 2, data, bytes), s_here);
            }
            else
            {
                ranks.Wait(ranks.Receive(other, 1, data, bytes), s_here);
                ranks.Wait(ranks.Send(other, 2, data, bytes), s_here);
            }
        }
    }

    [Test]
    public void Messages_OfOneTag_ArriveInOrderWhateverOtherTagsDo([Values(-1, 64)] int eagerBytes) => RankThreads.Run(2, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
    {
        var values = stackalloc int[20];
        var requests = new Request[20];
        var other = new RankId(1 - ranks.Rank.Value);
        for (int i = 0; i < 20; i++)
        {
            // The receiver takes the odd ones first.
            int tag = ranks.Rank.Value == 0 ? i % 2 : i < 10 ? 1 : 0;
            values[i] = i;
            requests[i] = ranks.Rank.Value == 0 ? ranks.Send(other, tag, (byte*)(values + i), 4) : ranks.Receive(other, tag, (byte*)(values + i), 4);
        }
        foreach (Request request in requests)
        {
            ranks.Wait(request, s_here);
        }

        if (ranks.Rank.Value == 1)
        {
            Assert.That(new Span<int>(values, 20).ToArray(), Is.EqualTo(Enumerable.Range(0, 10).Select(i => 2 * i + 1).Concat(Enumerable.Range(0, 10).Select(i => 2 * i))));
        }
    });

    [Test]
    public void Message_ToOneself_Arrives([Values(-1, 64)] int eagerBytes) => RankThreads.Run(1, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
    {
        int sent = 5;
        int received = 0;
        Request receive = ranks.Receive(new RankId(0), int.MaxValue, (byte*)&received, 4);
        Assert.That(ranks.Test(receive), Is.False);
        Request send = ranks.Send(new RankId(0), int.MaxValue, (byte*)&sent, 4);

        Assert.That(ranks.Test(receive) && ranks.Test(send), Is.True);
        Assert.That(ranks.Test(receive), Is.True, "a request once found complete stays complete");
        ranks.Wait(receive, s_here);
        Assert.That(received, Is.EqualTo(5));
    });

    [Test]
    public void Send_UnderRendezvous_IsCompleteOnlyWhenReceived() => RankThreads.Run(1, InProcessOptions.Rendezvous, ranks =>
    {
        Request send = ranks.Send(new RankId(0), 0, null, 0);
        Assert.That(ranks.Test(send), Is.False);
        ranks.Wait(ranks.Receive(new RankId(0), 0, null, 0), s_here);
        Assert.That(ranks.Test(send), Is.True);
    });

    [Test]
    public void Sizes_ThatDiffer_AreAnInternalErrorOnBothSides([Values] bool isSendFirst)
    {
        using var order = new Barrier(2);
        Exception?[] thrown = RankThreads.Thrown(2, new InProcessOptions(), ranks =>
        {
            var data = stackalloc byte[16];
            bool isSender = ranks.Rank.Value == 0;
            if (isSender != isSendFirst)
            {
                order.SignalAndWait();
            }
            Request request = isSender ? ranks.Send(new RankId(1), 3, data, 8) : ranks.Receive(new RankId(0), 3, data, 16);
            if (isSender == isSendFirst)
            {
                order.SignalAndWait();
            }
            ranks.Wait(request, s_here);
            ranks.Wait(ranks.Receive(new RankId(1 - ranks.Rank.Value), 4, data, 8), s_here);
        });

        const string Text = "rank 0 sends 8 bytes to rank 1 with the tag 3, which receives 16.";
        int finder = isSendFirst ? 1 : 0;
        Assert.That(thrown[finder], Is.TypeOf<InternalErrorException>().And.Message.EndsWith(Text));
        Assert.That(thrown[1 - finder], Is.TypeOf<InterruptedEvaluationException>().And.Message.EqualTo(Text));
    }

    [Test]
    public void RandomTraffic_WithDelaysAndCollections_ArrivesWhole([ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count, [Values(-1, 100, 1024)] int eagerBytes, [Values(1, 2, 3)] int seed) =>
        RankThreads.Run(count, new InProcessOptions { EagerBytes = eagerBytes }, ranks =>
        {
            var disturbance = new Disturbance(seed, ranks.Rank.Value);
            for (int round = 0; round < 15; round++)
            {
                // Everybody knows all sizes: they follow from the seed.
                var shape = new Random(seed + round);
                var open = new List<Request>();
                var received = new List<(int From, int Tag, byte[] Data)>();
                for (int from = 0; from < count; from++)
                {
                    for (int to = 0; to < count; to++)
                    {
                        for (int m = shape.Next(4); m > 0; m--)
                        {
                            int tag = shape.Next(3);
                            int bytes = shape.Next(4) == 0 ? 0 : shape.Next(1, 20_000);
                            byte[] data = GC.AllocateArray<byte>(Math.Max(1, bytes), pinned: true);
                            byte* address = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref data[0]);
                            if (from == ranks.Rank.Value)
                            {
                                disturbance.Strike();
                                new Span<byte>(address, bytes).Fill(Mark(round, from, to, bytes));
                                open.Add(ranks.Send(new RankId(to), tag, address, bytes));
                                received.Add((-1, tag, data));
                            }
                            if (to == ranks.Rank.Value)
                            {
                                byte[] target = GC.AllocateArray<byte>(Math.Max(1, bytes), pinned: true);
                                disturbance.Strike();
                                open.Add(ranks.Receive(new RankId(from), tag, (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref target[0]), bytes));
                                received.Add((from, tag, bytes == 0 ? [] : target));
                            }
                        }
                    }
                }
                foreach (int i in Enumerable.Range(0, open.Count).OrderBy(_ => disturbance.Random.Next()))
                {
                    disturbance.Strike();
                    ranks.Wait(open[i], s_here);
                }
                foreach ((int from, _, byte[] data) in received.Where(r => r.From >= 0))
                {
                    Assert.That(data, Is.All.EqualTo(Mark(round, from, ranks.Rank.Value, data.Length)), $"seed {seed}, round {round}");
                }
            }
        });

    private static byte Mark(int round, int from, int to, int bytes) => (byte)(round * 31 + from * 7 + to * 3 + bytes);
}
