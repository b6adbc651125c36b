// An action of a page: under way, done with a word, or failed with one; never twice at once.
import { reactive } from "vue";

import { complain, say } from "./api/problems";

export interface Action {
  busy: string;
  run: (name: string, act: () => Promise<unknown>, said?: string) => Promise<boolean>;
}

export function actions(): Action {
  const state = reactive<Action>({
    busy: "",
    async run(name, act, said) {
      if (state.busy) return false;
      state.busy = name;
      try {
        await act();
        if (said) say(said);
        return true;
      } catch (error) {
        complain(error);
        return false;
      } finally {
        state.busy = "";
      }
    },
  });
  return state;
}
