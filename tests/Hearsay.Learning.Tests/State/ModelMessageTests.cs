using CsCheck;
using Hearsay.Learning.State;

namespace Hearsay.Learning.Tests.State;

public sealed class ModelMessageTests
{
    private static readonly LearningData s_data = TestData.Line(40, 1);

    [Fact]
    public void The_bytes_are_those_of_the_page()
    {
        var state = LearnerStateAccess.Learner(new(), s_data);
        state.Restore([1, -2, 0.5f], 258);
        Assert.Equal("10" + "8388e623" + "8202" + "00" + "3f800000" + "c0000000" + "3f000000",
            Convert.ToHexStringLower(state.Message()));
    }

    [Fact]
    public void A_model_of_another_kind_size_or_number_of_parts_is_refused()
    {
        var own = LearnerStateAccess.Learner(new(), s_data);
        Refuses(own, LearnerStateAccess.Learner(new(), s_data, LinearModel.Pegasos(2)).Message());
        Refuses(own, LearnerStateAccess.Learner(new(), s_data, LinearModel.Logistic(3)).Message());
        Refuses(own, LearnerStateAccess.Learner(new() { Partitions = 2 }, s_data).Message());
        Assert.Equal((3L, 0L), (own.Counters.OtherModel, own.Counters.Merged));

        static void Refuses(LearnerState own, byte[] message) =>
            Assert.Equal(MessageRefusal.OtherModel, own.Receive(message));
    }

    [Fact]
    public void A_model_of_as_many_parameters_and_another_shape_is_refused()
    {
        var (two, four) = (new SoftmaxModel(57, 2), new SoftmaxModel(28, 4));
        Assert.Equal(two.ParameterCount, four.ParameterCount);
        var own = LearnerStateAccess.Learner(new(), new LearningData(new float[57], [1], 2), two);
        var other = LearnerStateAccess.Learner(new(), new LearningData(new float[28], [1], 4), four);
        Assert.Equal(MessageRefusal.OtherModel, own.Receive(other.Message()));
        Assert.Equal(MessageRefusal.OtherModel, other.Receive(own.Message()));
    }

    [Theory]
    [InlineData("ffffffffffffffffff01")]
    [InlineData("8080808080808080 8001")]
    [InlineData("818080808080808020")]
    public void An_age_that_no_model_can_have_is_refused(string age)
    {
        var (own, sound) = (LearnerStateAccess.Learner(new(), s_data), Sound());
        byte[] message = [.. sound[..5], .. Convert.FromHexString(age.Replace(" ", "")), .. sound[6..]];
        Assert.Equal(MessageRefusal.ImpossibleAge, own.Receive(message));
        message = [.. sound[..6], 8, .. sound[7..]];
        Assert.Equal(MessageRefusal.ImpossibleAge, own.Receive(message));
        Assert.Equal((0L, 2L), (own.Age, own.Counters.ImpossibleAge));
    }

    [Theory]
    [InlineData("7fc00000")]
    [InlineData("7f800000")]
    [InlineData("ff800000")]
    [InlineData("7149f2ca")]
    public void A_parameter_that_is_no_sane_number_is_refused(string hex)
    {
        var (own, message) = (LearnerStateAccess.Learner(new(), s_data), Sound());
        Convert.FromHexString(hex).CopyTo(message, 7 + 4);
        Assert.Equal(MessageRefusal.NotFinite, own.Receive(message));
        Assert.Equal((0f, 1L), (own.Parameters.Max(Math.Abs), own.Counters.NotFinite));
    }

    [Fact]
    public void Another_version_and_wrong_lengths_are_refused()
    {
        var own = LearnerStateAccess.Learner(new(), s_data);
        var sound = Sound();
        byte[] other = [0x20, .. sound[1..]], bits = [0x13, .. sound[1..]];
        foreach (var message in new[] { other, bits, [], sound[..^1], [.. sound, 0], sound[..6] })
        {
            Assert.Equal(MessageRefusal.Malformed, own.Receive(message));
        }

        // A sample of a claimed 4,294,967,295 parameters, an empty one, and one whose places follow from nothing.
        foreach (var sample in new[] { "ffffffff0f00000005", "0000000005", "0300000000" })
        {
            byte[] message = [0x18, .. sound[1..7], .. Convert.FromHexString(sample), .. sound[7..]];
            Assert.Equal(MessageRefusal.Malformed, own.Receive(message));
        }

        Assert.Equal(9, own.Counters.Malformed);
    }

    [Fact]
    public void Changed_bytes_never_throw_and_never_leave_parameters_that_are_not_finite()
    {
        var own = LearnerStateAccess.Learner(new(), s_data);
        var sound = Sound();
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample((place, value, length) =>
        {
            var message = sound.ToArray();
            message[place] = value;
            own.Receive(message[..length]);
            own.Receive(message);
            Assert.True(Hearsay.Learning.Kernels.Weights.AreSane(own.Parameters));
            Assert.InRange(own.Age, 0, ModelMessage.MaximumAge);
        }, threads: 1);
        Gen.Byte.Array[0, 100].Sample(bytes => { own.Receive(bytes); }, threads: 1);
    }

    private static byte[] Sound()
    {
        var state = LearnerStateAccess.Learner(new(), s_data);
        state.Restore([1, -2, 0.5f], 7);
        return state.Message();
    }
}
