import "element-plus/es/components/message-box/style/css";
import "./theme/tokens.css";
import "./theme/base.css";

import zhCn from "element-plus/es/locale/lang/zh-cn";
import { ElConfigProvider } from "element-plus";
import { createApp, h } from "vue";
import { RouterView } from "vue-router";

import { complain } from "./api/problems";
import { router } from "./router";

const app = createApp({ render: () => h(ElConfigProvider, { locale: zhCn }, () => h(RouterView)) });
app.config.errorHandler = complain;
app.use(router).mount("#app");
