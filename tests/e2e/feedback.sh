#!/bin/sh
# Networks that go on by themselves, and encoders with decoders, through every command.
. "$(dirname "$0")/lib"

cat >"$out/alone.md" <<'L'
---
title: Goes on by itself
model: {cell: lstm, hidden: 4, head: softmax, loss: cross-entropy, loss_at: [2, 5, 7]}
data: {inputs: [A, B, C], generate: 4, targets: [C, A, B]}
---
# One scene
L
cat >"$out/two.md" <<'L'
---
title: Two networks
model: {cell: lstm, hidden: 6, decoder: {}, head: softmax, loss: cross-entropy}
data: {task: reversal, span: 2, symbols: [A, B, ">", "."]}
train: {steps: 20, rate: 0.02, batch: 40, forcing: teacher}
---
# One scene
L
cat >"$out/sine.md" <<'L'
---
title: A wave that goes on
model: {cell: gru, hidden: 4, head: linear, loss: mse}
data: {task: sine, length: 10, generate: 4}
train: {steps: 5, rate: 0.02, batch: 4}
---
# One scene
L

lessons_are_right() { "$gatewalk" check "$out/alone.md" "$out/two.md" "$out/sine.md"; }
gradients_agree() { for l in alone two sine; do "$gatewalk" gradcheck "$out/$l.md" || return 1; done; }

# each fed input is 1 where the output of the timestep before was largest
outputs_become_inputs() {
    "$gatewalk" trace "$out/alone.md" --format json >"$out/alone.json" && jq -e '
        .timesteps == 7 and .fed == 4 and (has("prompt") | not)
        and (. as $t | [range(3; 7)] | all(. as $i
            | $t.inputs[$i] == ($t.head.values.y[$i - 1] | . as $y | map(if . == ($y | max) then 1 else 0 end))))' \
        "$out/alone.json" &&
        "$gatewalk" trace "$out/sine.md" --format json | jq -e '
        . as $t | .fed == 7 and ([range(6; 10)] | all(. as $i | $t.inputs[$i] == $t.head.values.y[$i - 1]))'
}
networks_run_one_after_the_other() {
    "$gatewalk" trace "$out/two.md" --format json >"$out/two.json" && jq -e '
        .prompt == 3 and .fed == 5 and ([.layers[].name] == ["layer1", "decoder.layer1"])
        and (.layers[0].values.c | map(. == null)) == [false, false, false, true, true]
        and (.layers[1].values.c | map(. == null)) == [true, true, true, false, false]
        and .layers[1].start.c == .layers[0].values.c[2]
        and (.input_grads | all(. != null))
        and (.layers[0].grads.c[0] | any(. != 0))' "$out/two.json"
}
every_step_is_said() {
    for l in alone two sine; do
        for lang in en zh; do
            "$gatewalk" say "$out/$l.md" --all --lang $lang >"$out/said" && ! grep -q "[{}]" "$out/said" || return 1
        done
    done
}
every_format_is_written() {
    for l in alone two sine; do
        for f in html tex csv npz json tikz svg pdf; do
            "$gatewalk" export "$out/$l.md" --format $f --at backward:4 -o "$out/$l.$f" >"$out/o" 2>&1 && [ -s "$out/$l.$f" ] ||
                { cat "$out/o"; return 1; }
        done
    done
}
weights_come_back() {
    "$gatewalk" train "$out/two.md" --steps 3 -o "$out/w.npz" &&
        sed 's/^train:.*/weights: {file: w.npz}/' "$out/two.md" >"$out/again.md" &&
        "$gatewalk" trace "$out/again.md" --format json >"$out/again.json" &&
        jq -e '.params | has("decoder.W_f")' "$out/again.json"
}
# both processors and one give the same bits
threads_change_nothing() {
    "$gatewalk" trace "$out/two.md" --format json >"$out/many.json" &&
        taskset -c 0 "$gatewalk" trace "$out/two.md" --format json | cmp - "$out/many.json"
}
too_large_is_refused() {
    sed 's/generate: 4/generate: 1000000/; s/hidden: 4/hidden: 400/' "$out/alone.md" >"$out/large.md" &&
        exits 1 "$gatewalk" check "$out/large.md" && says "too large for memory"
}

expect "lessons with feedback and with a decoder are right" lessons_are_right
expect "BPTT agrees with central differences" gradients_agree
expect "outputs become inputs" outputs_become_inputs
expect "encoder and decoder run one after the other, and the state passes" networks_run_one_after_the_other
expect "every step is said in both languages" every_step_is_said
expect "every format is written" every_format_is_written
expect "weights of both networks are kept" weights_come_back
expect "no number of threads changes a bit" threads_change_nothing
expect "a sequence too large for memory is refused" too_large_is_refused
finish
